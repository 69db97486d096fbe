//! Problems as text: the source line, a caret, and what to do, in the manner of the Rust compiler.

use annotate_snippets::{
    AnnotationKind, Group, Level, Patch, Renderer, Snippet, normalize_untrusted_str,
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
    text
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
        .label(problem.label.as_str());
    let snippet = Snippet::source(excerpt.line)
        .line_start(problem.position.line as usize)
        .path(sources.name(problem.position.source))
        .annotation(annotation);
    let mut groups = vec![
        level
            .primary_title(problem.message.as_str())
            .element(snippet),
    ];
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
    let patch = Patch::new(excerpt.range.clone(), replacement.clone());
    let snippet = Snippet::source(excerpt.line)
        .line_start(excerpt.line_number)
        .patch(patch);
    Some(title.element(snippet))
}

/// The one line a problem is on, and the part of it that is meant.
struct Excerpt<'a> {
    line: &'a str,
    line_number: usize,
    range: std::ops::Range<usize>,
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
        Self {
            line,
            line_number: position.line as usize,
            range: start..end,
        }
    }
}
