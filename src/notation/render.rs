//! Problems as text: the source line, a caret, and what to do, in the manner of the Rust compiler.

use std::borrow::Cow;

use annotate_snippets::{
    AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet, normalize_untrusted_str,
};

use super::problem::{Problem, Problems, Severity};
use super::source::{Position, Sources};

/// Whether messages may use colour. Colour never carries meaning of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// With terminal colours.
    Coloured,
}

/// All problems in the order of the file, then one line that counts them.
///
/// Gives an empty text when there are none.
pub fn render(problems: &Problems, sources: &Sources, style: Style) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let mut text = String::new();
    for problem in problems.sorted() {
        text.push_str(&render_one(problem, sources, &renderer));
        text.push_str("\n\n");
    }
    let summary = summary(problems, sources);
    text.push_str(&renderer.render(&[Group::with_title(summary)]));
    text.push('\n');
    without_c1(text)
}

/// A text without the control characters U+0080 to U+009F, which the renderer lets through; to some terminals U+009B
/// begins an escape sequence.
fn without_c1(text: String) -> String {
    let is_c1 = |character: char| ('\u{80}'..='\u{9f}').contains(&character);
    match text.contains(is_c1) {
        true => text.replace(is_c1, "\u{fffd}"),
        false => text,
    }
}

fn summary<'a>(problems: &Problems, sources: &Sources) -> annotate_snippets::Title<'a> {
    let file = sources.main_name();
    let (level, count, noun) = match problems.errors() {
        0 => (Level::WARNING, problems.warnings(), "warning"),
        errors => (Level::ERROR, errors, "problem"),
    };
    let plural = if count == 1 { "" } else { "s" };
    let unseen = (problems.errors() + problems.warnings()).saturating_sub(problems.sorted().len());
    let rest = match unseen {
        0 => String::new(),
        unseen => format!(", {unseen} of them not shown"),
    };
    level.primary_title(format!("{count} {noun}{plural} in {file}{rest}"))
}

fn render_one(problem: &Problem, sources: &Sources, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let excerpt = Excerpt::new(problem.position, sources);
    let annotation = AnnotationKind::Primary
        .span(excerpt.range.clone())
        .label(normalize_untrusted_str(&problem.label));
    let snippet = Snippet::source(excerpt.line)
        .line_start(problem.position.line as usize)
        .annotation(annotation);
    let title = level.primary_title(problem.message.as_str());
    let path = sources.name(problem.position.source);
    let mut groups = vec![match excerpt.is_cut {
        false => title.element(snippet.path(path)),
        // The renderer would count columns from the cut.
        true => {
            let origin = Origin::path(path)
                .line(problem.position.line as usize)
                .char_column(problem.position.column as usize);
            title.element(origin).element(snippet)
        }
    }];
    groups.extend(help_group(problem, &excerpt));
    if let Some(last) = groups.pop() {
        let notes = problem
            .notes
            .iter()
            .map(|note| Level::NOTE.message(normalize_untrusted_str(note)));
        groups.push(last.elements(notes));
    }
    renderer.render(&groups)
}

/// The help, with the edit if there is one.
fn help_group<'a>(problem: &Problem, excerpt: &Excerpt<'a>) -> Option<Group<'a>> {
    let help = problem.help.as_ref()?;
    let title = Level::HELP.secondary_title(normalize_untrusted_str(help));
    let Some(replacement) = &problem.replacement else {
        return Some(Group::with_title(title));
    };
    let written = as_scalar(replacement);
    let patch = Patch::new(excerpt.range.clone(), normalize_untrusted_str(&written));
    let snippet = Snippet::source(excerpt.line)
        .line_start(excerpt.line_number)
        .patch(patch);
    Some(title.element(snippet))
}

/// A text as it can stand anywhere in YAML: one with a comma, say, would end early within brackets.
fn as_scalar(text: &str) -> Cow<'_, str> {
    let ends_early = text.contains([',', '[', ']', '{', '}', '#', '"'])
        || text.contains(": ")
        || text.ends_with(':');
    match ends_early {
        true => format!("'{}'", text.replace('\'', "''")).into(),
        false => text.into(),
    }
}

/// Longest part of a line that is shown before and after the place that is meant, in bytes.
const LINE_SHOWN: usize = 200;

/// The one line a problem is on, and the part of it that is meant.
struct Excerpt<'a> {
    line: &'a str,
    line_number: usize,
    range: std::ops::Range<usize>,
    /// Whether the line is longer than what is shown of it.
    is_cut: bool,
}

impl<'a> Excerpt<'a> {
    fn new(position: Position, sources: &'a Sources) -> Self {
        let (line, line_start) = sources.line(position);
        let start = (position.start as usize)
            .saturating_sub(line_start)
            .min(line.len());
        let end = (position.end as usize)
            .saturating_sub(line_start)
            .clamp(start, line.len());
        // A hostile file may be one line of a million characters.
        let first = boundary(line, start.saturating_sub(LINE_SHOWN));
        let last = boundary(line, (start + LINE_SHOWN).min(line.len()));
        Self {
            line: &line[first..last],
            line_number: position.line as usize,
            range: start - first..end.min(last).max(start) - first,
            is_cut: last - first < line.len(),
        }
    }
}

/// The largest character boundary that is at most `index`.
fn boundary(text: &str, index: usize) -> usize {
    (0..=index)
        .rev()
        .find(|&index| text.is_char_boundary(index))
        .unwrap_or(0)
}

#[cfg(test)]
#[expect(dead_code, reason = "some fields are declared only to be decoded")]
mod tests {
    use super::*;
    use crate::notation::{Context, Decode, Duration, Entries, Id, Text, block, yaml};

    block! {
        /// A replica.
        struct ReplicaFile as "replica" {
            /// Where it is.
            colo: Text = optional,
            /// How far it is.
            latency: Duration = optional,
            /// What runs there.
            services: Vec<Id> = optional,
        }
    }

    block! {
        /// A fault.
        struct FaultFile as "fault" {
            /// What it strikes.
            target: Id = required,
            /// The service it strikes.
            service: Id = optional,
            /// How long it lasts.
            lasts as "for": Duration = required,
        }
    }

    block! {
        /// A scenario.
        struct ScenarioFile as "scenario" {
            /// The replicas.
            replicas: Entries<ReplicaFile> = required,
            /// The faults.
            faults: Vec<FaultFile> = optional,
        }
    }

    /// What a user sees for a file, references checked as a scenario would.
    fn shown(text: &str) -> String {
        let (mut sources, mut context) = (Sources::default(), Context::default());
        let node = yaml::read(
            "cases/e.yaml",
            text.as_bytes(),
            &mut sources,
            &mut context.problems,
        );
        let file = node.and_then(|node| ScenarioFile::decode(&node, &mut context));
        for fault in file
            .iter()
            .filter_map(|file| file.faults.as_ref())
            .flat_map(|faults| &faults.value)
        {
            let target = &fault.target;
            let replicas = &file.as_ref().unwrap().replicas;
            let place = ("replica", "replicas");
            replicas.resolve(&target.value, target.position, place, &mut context);
            if let (Some(replica), Some(service)) = (replicas.get(&target.value), &fault.service)
                && !replica
                    .services
                    .iter()
                    .any(|services| services.contains(&service.value))
            {
                let message = format!(
                    "replica `{}` does not run a service `{}`",
                    &*target.value, &*service.value
                );
                let problem = Problem::error(service.position, message)
                    .label("not in its `services`")
                    .note(
                        "a replica without the service answers 502; see `explain shared-ingress`",
                    );
                context.report(problem);
            }
        }
        render(&context.problems, &sources, Style::Plain)
    }

    #[test]
    fn all_problems_of_a_file_are_shown_together() {
        let text = "\
replicas:
  onprem-qro:
    colo: QRO
    latencey: 20ms
  vps-fra: {colo: FRA, services: [web]}
faults:
  - {target: vps-fr, for: 30 sconds}
  - {target: vps-fr, for: 30s}
  - {target: vps-fra, service: cms, for: 20s}
  - {target: vps-fra}
";
        insta::assert_snapshot!(shown(text), @r#"
error: there is no setting `latencey` here
 --> cases/e.yaml:4:5
  |
4 |     latencey: 20ms
  |     ^^^^^^^^ not a known setting
  |
help: did you mean `latency`?
  |
4 -     latencey: 20ms
4 +     latency: 20ms
  |
  = note: settings that belong here: `colo`, `latency`, `services`

error: expected a length of time such as 250ms, 30s or 1m30s
 --> cases/e.yaml:7:27
  |
7 |   - {target: vps-fr, for: 30 sconds}
  |                           ^^^^^^^^^ this is `30 sconds`
  |
help: units are `ms`, `s`, `m`, `h` and `d`, among others

error: no replica is called `vps-fr`
 --> cases/e.yaml:8:14
  |
8 |   - {target: vps-fr, for: 30s}
  |              ^^^^^^ not listed under `replicas`
  |
help: did you mean `vps-fra`?
  |
8 |   - {target: vps-fra, for: 30s}
  |                    +
  = note: replicas: onprem-qro, vps-fra

error: replica `vps-fra` does not run a service `cms`
 --> cases/e.yaml:9:32
  |
9 |   - {target: vps-fra, service: cms, for: 20s}
  |                                ^^^ not in its `services`
  |
  = note: a replica without the service answers 502; see `explain shared-ingress`

error: this block needs `for`
  --> cases/e.yaml:10:5
   |
10 |   - {target: vps-fra}
   |     ^ `for` is missing

error: 5 problems in cases/e.yaml
"#);
    }

    #[test]
    fn a_sound_file_shows_nothing() {
        assert_eq!(shown("replicas: {a: {}}\n"), "");
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let text = "replicas: {a: {}, \"\\e[31mred\\a\": {\"\\u202Ex\": 1}, \u{9b}31m: 1}\n";
        let shown = shown(text);
        let tame = |character: char| character == '\n' || !character.is_control();
        assert!(shown.chars().all(tame), "{shown:?}");
        assert!(!shown.contains('\u{202e}'), "{shown:?}");
    }

    #[test]
    fn of_a_very_long_line_only_the_neighbourhood_is_shown() {
        let names: String = (0..9_000)
            .map(|number| format!("h{number}: {{}}, "))
            .collect();
        let shown = shown(&format!("replicas: {{{names}a: {{colo: 1, x: 2}}}}\n"));
        assert!(shown.lines().all(|line| line.len() < 500), "{shown}");
        assert!(shown.contains(" --> cases/e.yaml:1:"), "{shown}");
        assert!(shown.contains("^ not a known setting"), "{shown}");
    }

    #[test]
    fn warnings_alone_are_counted_as_warnings() {
        let (mut sources, mut problems) = (Sources::default(), Problems::default());
        let position = Position::start_of(sources.add("a.yaml", "replicas: 26\n"));
        problems.report(Problem::warning(position, "more than 25 replicas").help("remove one"));
        insta::assert_snapshot!(render(&problems, &sources, Style::Plain), @r#"
warning: more than 25 replicas
 --> a.yaml:1:1
  |
1 | replicas: 26
  | ^
  |
help: remove one

warning: 1 warning in a.yaml
"#);
    }

    #[test]
    fn an_edit_that_is_shown_can_be_copied_into_brackets() {
        let (mut sources, mut problems) = (Sources::default(), Problems::default());
        let source = sources.add("a.yaml", "place: {city: Madrit}\n");
        let position = Position {
            start: 14,
            end: 20,
            column: 15,
            ..Position::start_of(source)
        };
        problems.report(Problem::error(position, "no such city").did_you_mean("Madrid, ES"));
        let shown = render(&problems, &sources, Style::Plain);
        assert!(shown.contains("did you mean `Madrid, ES`?"), "{shown}");
        assert!(shown.contains("place: {city: 'Madrid, ES'}"), "{shown}");
        assert_eq!(as_scalar("http://a.example:80"), "http://a.example:80");
        assert_eq!(as_scalar("it's: a"), "'it''s: a'");
    }

    #[test]
    fn colour_adds_escapes_only() {
        let (mut sources, mut problems) = (Sources::default(), Problems::default());
        let position = Position::start_of(sources.add("a.yaml", "x\n"));
        problems.report(Problem::error(position, "wrong"));
        let coloured = render(&problems, &sources, Style::Coloured);
        assert!(coloured.contains("\u{1b}["));
        assert_eq!(
            console_free(&coloured),
            render(&problems, &sources, Style::Plain)
        );
    }

    /// A text without its terminal escapes.
    fn console_free(text: &str) -> String {
        let mut parts = text.split("\u{1b}[");
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |plain, part| {
            plain + part.split_once('m').map_or("", |(_, rest)| rest)
        })
    }
}
