//! What a file says of its variants and of its claim, taken together.

use crate::notation::{Context, Decode, Node, Path, Position, Problem, Problems};
use crate::scenario::document::Changes;
use crate::scenario::file::Verdict;

/// Settings that are about the file and not about the world: all variants share them.
const SHARED: [&str; 7] = [
    "claim",
    "extends",
    "replications",
    "seed",
    "title",
    "variants",
    "verdict",
];

/// Refuses variants that change what all share, and a claim that cannot come out as its author says.
pub fn check(tree: &Node, variants: &[(String, Changes)], context: &mut Context) {
    let changes = || variants.iter().flat_map(|(_, changes)| changes);
    for (path, _) in changes() {
        let setting = first_of(path, path.position);
        if let Some(shared) = SHARED.iter().find(|shared| **shared == setting) {
            let problem = Problem::error(
                path.position,
                format!("a variant cannot change `{shared}`"),
            )
            .label("all variants of a file share it")
            .help("write it outside `variants`, or make this a file of its own that `extends` this one");
            context.report(problem);
        }
    }
    let tested_in_variants = changes().any(|(path, _)| first_of(path, path.position) == "holds_if");
    let holds_if = tree.get("holds_if");
    if let Some(verdict) = tree.get("verdict") {
        let is_tested = holds_if.is_some() || tested_in_variants;
        verdict_can_come_out(verdict, is_tested, variants.len(), context);
    }
    if let (Some(holds_if), None) = (holds_if, tree.get("claim")) {
        let problem = Problem::warning(holds_if.position, "`holds_if` puts a `claim` to the test")
            .label("no claim is written")
            .help("write the sentence it tests as `claim`, or write these demands under `expect`");
        context.report(problem);
    }
}

fn first_of(path: &str, position: Position) -> String {
    let path = Path::parse(path, position, &mut Problems::default());
    path.map_or_else(String::new, |path| path.first().to_owned())
}

fn verdict_can_come_out(verdict: &Node, is_tested: bool, variants: usize, context: &mut Context) {
    if !is_tested {
        let problem = Problem::error(verdict.position, "a verdict needs `holds_if`")
            .label("nothing says how the claim is put to the test")
            .help("write under `holds_if` what must be measured for the claim to be true");
        context.report(problem);
    }
    let word = Verdict::decode(verdict, &mut Context::default());
    if word == Some(Verdict::OnlyIf) && variants < 2 {
        let problem = Problem::error(
            verdict.position,
            "`only-if` says that a claim holds in some variants and not in others",
        )
        .label(match variants {
            0 => "there are no variants",
            _ => "there is only one variant",
        })
        .help("write `true` or `false`, or add variants that differ");
        context.report(problem);
    }
}
