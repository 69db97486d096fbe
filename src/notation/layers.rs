//! Scenarios made of layers: a file may extend another, and values may be set from outside.
//!
//! Layers are put together as trees, before anything is decoded, so every value keeps the place it came
//! from: a message about a value of a base file shows the base file, and one about a value of `--set`
//! shows the override.

use super::describe::TypeDescription;
use super::limits::EXTENDS_DEPTH_MAX;
use super::merge::merge;
use super::path::Path;
use super::problem::{Problem, Problems};
use super::source::{Position, Sources};
use super::tree::{Node, Value};
use super::yaml;

/// A file that another one extends.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The name it is known by: the same for the same file, however it was reached.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Fetches the file that the text after `extends:` names (first argument), as seen from the file that
/// contains it (second argument). An error is what is in the way, to follow the file's name: "does not exist".
pub type Loader<'a> = dyn FnMut(&str, &str) -> Result<Loaded, String> + 'a;

/// Takes `extends:` out of a file and lays the file over the one it names, which may extend another.
///
/// Blocks merge, everything else replaces, and nothing (`key:` or `key: null`) deletes. `kind` describes
/// the outermost block, so that of a choice (`think: {exponential: 3s}`) only one kind is left.
pub fn resolve_extends(
    node: Node,
    name: &str,
    kind: &TypeDescription,
    load: &mut Loader<'_>,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Option<Node> {
    let mut chain = vec![name.to_owned()];
    let mut layers = vec![node];
    while let Some(base) = layers.last_mut().and_then(|layer| layer.remove("extends")) {
        let loaded = load_base(&base, &chain, load, problems)?;
        let layer = yaml::read(&loaded.name, &loaded.bytes, sources, problems)?;
        let by = chain.last().map_or(name, String::as_str);
        layers.push(block_of_settings(layer, by, problems)?);
        chain.push(loaded.name);
    }
    layers
        .into_iter()
        .rev()
        .reduce(|base, over| merge(base, over, Some(kind)))
}

/// A file that is extended must have something to extend, or the wrong file was named.
fn block_of_settings(layer: Node, by: &str, problems: &mut Problems) -> Option<Node> {
    if matches!(layer.value, Value::Map(_)) {
        return Some(layer);
    }
    let problem = Problem::error(layer.position, "expected a block of settings")
        .label(layer.describe())
        .note(format!("`{by}` extends this file"));
    problems.report(problem);
    None
}

fn load_base(
    base: &Node,
    chain: &[String],
    load: &mut Loader<'_>,
    problems: &mut Problems,
) -> Option<Loaded> {
    let mut refuse = |message: String, label: String| {
        problems.report(Problem::error(base.position, message).label(label));
        None
    };
    let Value::Scalar(path) = &base.value else {
        return refuse(
            "expected the path of the file to extend".to_owned(),
            base.describe(),
        );
    };
    if chain.len() == EXTENDS_DEPTH_MAX {
        let message = format!("at most {EXTENDS_DEPTH_MAX} files may extend one another");
        return refuse(message, "this would be one more".to_owned());
    }
    let from = chain.last().map_or("", String::as_str);
    match load(&path.text, from) {
        Err(reason) => refuse(format!("`{}` {reason}", path.text), String::new()),
        Ok(loaded) if chain.contains(&loaded.name) => {
            let message = format!(
                "`{}` extends itself: {}",
                loaded.name,
                chain.join(" extends ")
            );
            refuse(message, "this closes the circle".to_owned())
        }
        Ok(loaded) => Some(loaded),
    }
}

/// A value that is put into the tree from outside the file: `--set clients.spain.sessions=10/s`.
#[derive(Debug, Clone)]
pub struct Override {
    /// Where it goes.
    pub path: Path,
    /// What goes there; nothing deletes.
    pub value: Node,
}

impl Override {
    /// Reads `path=value`; the value is YAML. `label` names it in messages: `--set`.
    pub fn parse(
        text: &str,
        label: &str,
        sources: &mut Sources,
        problems: &mut Problems,
    ) -> Option<Self> {
        let start = Position::start_of(sources.add(label, text));
        let Some(equals) = Path::end(text).filter(|end| text[*end..].starts_with('=')) else {
            let problem = Problem::error(start, "expected `path=value`, such as `seed=7`")
                .label(format!("this is `{text}`"));
            problems.report(problem);
            return None;
        };
        let position = Position {
            end: equals as u32,
            ..start
        };
        let path = Path::parse(&text[..equals], position, problems)?;
        let mut value = yaml::parse(start.source, text, equals + 1, problems)?;
        // A block has no key here, so it stands at the path.
        if matches!(value.value, Value::List(_) | Value::Map(_) | Value::Null) {
            value.position = position;
        }
        Some(Self { path, value })
    }

    /// Puts the value into the tree.
    ///
    /// Keys on the way that do not exist are created; if they do not belong there, decoding says so.
    pub fn apply(&self, root: &mut Node, problems: &mut Problems) {
        self.path.set(root, self.value.clone(), problems);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::notation::{Context, Decode, Duration, Entries, Style, Text, block, render};

    block! {
        /// A host.
        struct HostFile as "host" {
            /// Its city.
            city: Text = required,
            /// Its start-up time.
            boot: Duration = "30s" (assumed: "a test"),
        }
    }

    block! {
        /// A scenario.
        struct File as "scenario" {
            /// Its hosts.
            hosts: Entries<HostFile> = required,
            /// Its faults.
            faults: Vec<Duration> = optional,
        }
    }

    /// Reads the file `a.yaml` of a set of files and lays it over those it extends.
    fn layered(files: &[(&str, &str)], sets: &[&str]) -> (Option<File>, String) {
        let files: BTreeMap<&str, &str> = files.iter().copied().collect();
        let (mut sources, mut context) = (Sources::default(), Context::default());
        let mut load = |path: &str, _from: &str| match files.get(path) {
            Some(text) => Ok(Loaded {
                name: path.to_owned(),
                bytes: text.as_bytes().to_vec(),
            }),
            None => Err("does not exist".to_owned()),
        };
        let problems = &mut context.problems;
        let root = yaml::read("a.yaml", files["a.yaml"].as_bytes(), &mut sources, problems);
        let mut root = root.and_then(|node| {
            resolve_extends(
                node,
                "a.yaml",
                &File::describe(),
                &mut load,
                &mut sources,
                problems,
            )
        });
        for set in sets {
            let parsed = Override::parse(set, "--set", &mut sources, &mut context.problems);
            if let (Some(parsed), Some(root)) = (parsed, root.as_mut()) {
                parsed.apply(root, &mut context.problems);
            }
        }
        let file = root.and_then(|root| File::decode(&root, &mut context));
        (file, render(&context.problems, &sources, Style::Plain))
    }

    const BASE: &str =
        "hosts:\n  vps1: {city: Frankfurt, boot: 20s}\n  vps2: {city: Dallas}\nfaults: [1s, 2s]\n";

    #[test]
    fn blocks_merge_lists_replace_and_nothing_deletes() {
        let over = "extends: base.yaml\nhosts:\n  vps1: {boot: 5s}\n  vps2: null\n  vps3: {city: Madrid}\nfaults: [9s]\n";
        let (file, problems) = layered(&[("a.yaml", over), ("base.yaml", BASE)], &[]);
        assert_eq!(problems, "");
        let file = file.unwrap();
        let hosts: Vec<String> = file
            .hosts
            .iter()
            .map(|(id, host)| {
                format!(
                    "{} {} {}",
                    &*id.value,
                    &*host.city.value,
                    host.boot.as_nanos()
                )
            })
            .collect();
        assert_eq!(
            hosts,
            ["vps1 Frankfurt 5000000000", "vps3 Madrid 30000000000"]
        );
        assert_eq!(file.faults.unwrap().len(), 1);
    }

    #[test]
    fn a_message_about_a_value_of_the_base_shows_the_base() {
        let base = "hosts:\n  vps1: {city: Frankfurt, boot: 20}\n";
        let (_, problems) = layered(
            &[("a.yaml", "extends: base.yaml\n"), ("base.yaml", base)],
            &[],
        );
        assert!(problems.contains("--> base.yaml:2:33"), "{problems}");
        assert!(
            problems.ends_with("error: 1 problem in a.yaml\n"),
            "{problems}"
        );
    }

    #[test]
    fn a_file_that_extends_itself_is_refused() {
        let files = [
            ("a.yaml", "extends: b.yaml\n"),
            ("b.yaml", "extends: a.yaml\n"),
        ];
        let (_, problems) = layered(&files, &[]);
        assert!(
            problems.contains("`a.yaml` extends itself: a.yaml extends b.yaml"),
            "{problems}"
        );
    }

    #[test]
    fn eight_files_may_extend_one_another_but_not_nine() {
        let names: Vec<String> = (0..9).map(|number| format!("{number}.yaml")).collect();
        let texts: Vec<String> = (1..9)
            .map(|number| format!("extends: {number}.yaml\n"))
            .collect();
        let chain = |length: usize| {
            let mut files: Vec<(&str, &str)> = vec![("a.yaml", texts[0].as_str())];
            files.extend(
                (1..length - 1).map(|index| (names[index].as_str(), texts[index].as_str())),
            );
            files.push((names[length - 1].as_str(), BASE));
            layered(&files, &[]).1
        };
        assert_eq!(chain(EXTENDS_DEPTH_MAX), "");
        assert!(chain(EXTENDS_DEPTH_MAX + 1).contains("at most 8 files may extend one another"));
    }

    #[test]
    fn a_base_that_cannot_be_read_is_reported_where_it_is_named() {
        let (_, problems) = layered(&[("a.yaml", "extends: gone.yaml\n")], &[]);
        assert!(
            problems.contains("error: `gone.yaml` does not exist"),
            "{problems}"
        );
        assert!(problems.contains("--> a.yaml:1:10"), "{problems}");
    }

    #[test]
    fn a_base_that_is_no_block_of_settings_is_an_error() {
        for text in ["hello\n", "- a\n", "", "# nothing\n", "null\n"] {
            let files = [("a.yaml", "extends: base.yaml\n"), ("base.yaml", text)];
            let (file, problems) = layered(&files, &[]);
            assert!(file.is_none(), "{text}");
            assert!(
                problems.starts_with("error: expected a block of settings\n --> base.yaml:1:1"),
                "{problems}"
            );
            assert!(
                problems.contains("`a.yaml` extends this file"),
                "{problems}"
            );
            assert!(
                problems.ends_with("error: 1 problem in a.yaml\n"),
                "{problems}"
            );
        }
    }

    #[test]
    fn values_can_be_set_created_and_deleted_from_outside() {
        let sets = [
            "hosts.vps1.boot=7s",
            "hosts.vps3={city: Oslo}",
            "hosts.vps2=",
            "faults.1=5s",
            "faults.0=",
        ];
        let (file, problems) = layered(&[("a.yaml", BASE)], &sets);
        assert_eq!(problems, "");
        let file = file.unwrap();
        assert_eq!(
            file.hosts.get("vps1").unwrap().boot.as_nanos(),
            7_000_000_000
        );
        assert_eq!(&*file.hosts.get("vps3").unwrap().city.value, "Oslo");
        assert!(file.hosts.get("vps2").is_none());
        assert_eq!(file.faults.unwrap()[0].as_nanos(), 5_000_000_000);
    }

    #[test]
    fn a_message_about_a_value_set_from_outside_shows_the_override() {
        let sets = [
            "hosts.vps1.boot=7",
            "hosts.vps1.cty=Oslo",
            "faults.9=1s",
            "nonsense",
        ];
        let (_, problems) = layered(&[("a.yaml", BASE)], &sets);
        insta::assert_snapshot!(problems, @r#"
error: a length of time needs a unit
 --> --set:1:17
  |
1 | hosts.vps1.boot=7
  |                 ^ this is `7`
  |
help: write `7s`, `7ms` or `7m`

error: there is no setting `cty` here
 --> --set:1:12
  |
1 | hosts.vps1.cty=Oslo
  |            ^^^ not a known setting
  |
help: did you mean `city`?
  |
1 | hosts.vps1.city=Oslo
  |             +
  = note: settings that belong here: `city`, `boot`

error: the list has no item `9`
 --> --set:1:8
  |
1 | faults.9=1s
  |        ^ it has 2, counted from 0

error: expected `path=value`, such as `seed=7`
 --> --set:1:1
  |
1 | nonsense
  | ^ this is `nonsense`

error: 4 problems in a.yaml
"#);
    }
}
