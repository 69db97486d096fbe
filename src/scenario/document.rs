//! A scenario file with everything it refers to, as a tree: the common source of a scenario and its variants.

use std::collections::BTreeMap;
use std::fmt;

use super::assumption::defaults_used;
use super::build::{Built, build};
use super::check;
use super::file::ScenarioFile;
use super::limits::VARIANTS_MAX;
use super::references::References;
use super::{Scenario, SweepAxis};
use crate::notation::{
    self, Context, Decode, Loader, Node, Override, Path, Position, Problem, Problems, Sources,
    Spanned, Style, Text, render, resolve_extends,
};

/// Problems, with the texts they are about.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The problems.
    pub problems: Problems,
    /// The texts.
    pub sources: Sources,
}

impl Findings {
    /// The problems as a person reads them; empty if there are none.
    pub fn render(&self, style: Style) -> String {
        render(&self.problems, &self.sources, style)
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}

impl std::error::Error for Findings {}

/// A scenario file, the files it extends and refers to, and the overrides, put together.
#[derive(Clone, Debug)]
pub struct Document {
    name: String,
    sources: Sources,
    problems: Problems,
    tree: Node,
    traces: BTreeMap<String, Vec<u8>>,
    other_defaults: Vec<(String, String)>,
}

impl Document {
    /// Puts a document together. `name` is the file's name as users know it, `overrides` are texts `path=value`.
    /// Problems that leave something to read are kept, and come with those that reading the scenario finds.
    ///
    /// # Errors
    /// When it is not YAML, or a file it extends cannot be read.
    pub fn open(
        name: &str,
        bytes: &[u8],
        overrides: &[String],
        load: &mut Loader<'_>,
    ) -> Result<Document, Findings> {
        let (mut sources, mut problems) = (Sources::default(), Problems::default());
        let tree = assembled(name, bytes, overrides, load, &mut sources, &mut problems);
        let Some(mut tree) = tree else {
            return Err(Findings { problems, sources });
        };
        let mut traces = BTreeMap::new();
        let mut references = References {
            load,
            sources: &mut sources,
            problems: &mut problems,
            traces: &mut traces,
        };
        references.follow(&mut tree);
        let stem = stem(name);
        if !is_result_name(stem) {
            let problem = Problem::error(
                Position::start_of(tree.position.source),
                "the file's name names its results",
            )
            .label(format!("`{stem}` is unfit"))
            .help("use small letters, digits and `-`, at most 64, such as `two-servers.yaml`");
            problems.report(problem);
        }
        Ok(Document {
            name: stem.to_owned(),
            sources,
            problems,
            tree,
            traces,
            other_defaults: Vec::new(),
        })
    }

    /// The document if another default held for a setting, named `block.field` as in [`Assumption`](super::Assumption).
    pub fn assuming(&self, setting: &str, default: &str) -> Document {
        let mut document = self.clone();
        let other = (setting.to_owned(), default.to_owned());
        document.other_defaults.push(other);
        document
    }

    /// The scenario as written.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn scenario(&self) -> Result<Scenario, Findings> {
        let mut context = self.context();
        let variants = self.written_variants(&mut context);
        if variants.len() > VARIANTS_MAX {
            let message = format!("a scenario may have {VARIANTS_MAX} variants");
            context.report(Problem::error(self.tree.position, message));
        }
        self.read(&self.tree, context)
    }

    /// The scenario with some settings changed.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn with(&self, changes: &[(&str, Node)]) -> Result<Scenario, Findings> {
        let mut context = self.context();
        let mut tree = self.tree.clone();
        for (path, value) in changes {
            set(
                &mut tree,
                path,
                value,
                value.position,
                &mut context.problems,
            );
        }
        self.read(&tree, context)
    }

    /// The scenario of each variant, in the order of the file. Empty if there are none.
    ///
    /// # Errors
    /// Everything that is wrong with the first variant that has something wrong.
    pub fn variants(&self) -> Result<Vec<(String, Scenario)>, Findings> {
        let mut context = Context::default();
        let variants = self.written_variants(&mut context);
        let mut scenarios = Vec::new();
        for (name, changes) in variants {
            let mut context = self.context();
            let mut tree = self.tree.clone();
            for (path, value) in &changes {
                set(&mut tree, path, value, path.position, &mut context.problems);
            }
            scenarios.push((name, self.read(&tree, context)?));
        }
        Ok(scenarios)
    }

    /// A context that begins with what was found when the document was opened.
    fn context(&self) -> Context {
        let mut context = Context::default();
        context.problems = self.problems.clone();
        for (setting, default) in &self.other_defaults {
            context.assume(setting, default);
        }
        context
    }

    /// The variants as written: names with changes.
    fn written_variants(&self, context: &mut Context) -> Vec<(String, Changes)> {
        type Variants = notation::Entries<notation::Entries<Node, Text>>;
        let Some(variants) = self
            .tree
            .get("variants")
            .and_then(|node| Variants::decode(node, context))
        else {
            return Vec::new();
        };
        let changes = |changes: &notation::Entries<Node, Text>| {
            changes
                .iter()
                .map(|(path, value)| (path.clone(), value.clone()))
                .collect()
        };
        variants
            .iter()
            .map(|(name, variant)| (name.to_string(), changes(variant)))
            .collect()
    }

    fn read(&self, tree: &Node, mut context: Context) -> Result<Scenario, Findings> {
        let file = ScenarioFile::decode(tree, &mut context);
        let scenario = file.map(|file| {
            let traces = |name: &str| self.traces.get(name).cloned();
            let built = build(&file, &traces, &mut context);
            if !context.problems.has_errors() {
                check::check(&file, &built, &mut context);
            }
            (file, built)
        });
        let findings = |context: Context| Findings {
            problems: context.problems,
            sources: self.sources.clone(),
        };
        match scenario {
            Some((file, built)) if !context.problems.has_errors() => {
                let mut scenario = self.scenario_of(&file, built, &context);
                scenario.warnings = findings(context);
                Ok(scenario)
            }
            _ => Err(findings(context)),
        }
    }

    fn scenario_of(&self, file: &ScenarioFile, built: Built, context: &Context) -> Scenario {
        let sweep = file.sweep.iter().flat_map(|sweep| sweep.iter());
        Scenario {
            name: self.name.clone(),
            title: file.title.to_string(),
            claim: file.claim.as_ref().map(|claim| claim.to_string()),
            verdict: file.verdict.as_ref().map(|verdict| verdict.value),
            holds_if: built.holds_if,
            expect: built.expect,
            what_to_do: file.what_to_do.as_ref().map(|advice| advice.to_string()),
            sweep: sweep
                .map(|(path, values)| SweepAxis {
                    path: path.to_string(),
                    values: values.clone(),
                })
                .collect(),
            seed: file.seed.get(),
            replications: file.replications.get(),
            expected_requests: check::expected_requests(&built.blueprint),
            blueprint: built.blueprint,
            faults: built.faults,
            defaults: defaults_used(context),
            warnings: Findings::default(),
        }
    }
}

/// Settings to change, as written.
type Changes = Vec<(Spanned<Text>, Node)>;

/// Reads the file, lays it over what it extends, and applies the overrides.
fn assembled(
    name: &str,
    bytes: &[u8],
    overrides: &[String],
    load: &mut Loader<'_>,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Option<Node> {
    let tree = notation::read(name, bytes, sources, problems)?;
    let mut tree = resolve_extends(
        tree,
        name,
        &ScenarioFile::describe(),
        load,
        sources,
        problems,
    )?;
    for text in overrides {
        if let Some(change) = Override::parse(text, "--set", sources, problems) {
            change.apply(&mut tree, problems);
        }
    }
    Some(tree)
}

fn set(tree: &mut Node, path: &str, value: &Node, position: Position, problems: &mut Problems) {
    if let Some(path) = Path::parse(path, position, problems) {
        path.set(tree, value.clone(), problems);
    }
}

/// A file's name without its folder and its ending.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".yaml")
        .or_else(|| file.strip_suffix(".yml"))
        .unwrap_or(file)
}

/// Whether results may be written under that name.
fn is_result_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&name.len()) && !name.starts_with('-') && name.bytes().all(fits)
}
