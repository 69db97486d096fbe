//! A scenario file with everything it refers to, as a tree: the common source of a scenario and its variants.

use std::collections::BTreeMap;
use std::fmt;

use super::Scenario;
use super::assumption::defaults_used;
use super::build::{Built, build};
use super::check;
use super::file::ScenarioFile;
use super::limits::{PARTS_OF_VARIANTS_MAX, VALUES_OF_VARIANTS_MAX, VARIANTS_MAX};
use super::references::References;
use crate::notation::{
    self, Context, Decode, Loader, Node, Override, PROBLEMS_KEPT_MAX, Path, Problem, Problems,
    Sources, Spanned, Style, Text, quoted_list, render, resolve_extends,
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

/// Longest name of results.
const RESULT_NAME_BYTES_MAX: usize = 64;

/// A scenario file, the files it extends and refers to, and the overrides, put together.
#[derive(Clone, Debug)]
pub struct Document {
    name: String,
    sources: Sources,
    problems: Problems,
    tree: Node,
    /// Names that overrides made, and what to say if they were not meant to be new.
    unknown_names: Vec<Problem>,
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
        let assembled = assembled(name, bytes, overrides, load, &mut sources, &mut problems);
        let Some((mut tree, unknown_names)) = assembled else {
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
        Ok(Document {
            name: result_name(stem(name)),
            sources,
            problems,
            tree,
            unknown_names,
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
        check::variants(&self.tree, &variants, &mut context);
        self.read(&self.tree, &self.unknown_names, context)
    }

    /// The scenario of each variant, in the order of the file. Empty if there are none.
    ///
    /// # Errors
    /// Everything that is wrong with the variants, each problem with the names of its variants.
    pub fn variants(&self) -> Result<Vec<(String, Scenario)>, Findings> {
        self.variants_beside(&Problems::default())
            .map_err(|problems| self.findings(problems))
    }

    /// The scenario as written, with the warnings about its variants among its own, and its variants.
    ///
    /// # Errors
    /// Everything that is wrong with the scenario and with its variants.
    pub fn with_variants(&self) -> Result<(Scenario, Vec<(String, Scenario)>), Findings> {
        let (scenario, mut problems) = match self.scenario() {
            Ok(scenario) => {
                let problems = scenario.warnings.problems.clone();
                (Some(scenario), problems)
            }
            Err(findings) => (None, findings.problems),
        };
        match (scenario, self.variants_beside(&problems)) {
            (Some(mut scenario), Ok(variants)) => {
                let warned = variants.iter();
                let about = warned.map(|(name, it)| (name.as_str(), &it.warnings.problems));
                gather(about, &mut problems);
                scenario.warnings = self.findings(problems);
                Ok((scenario, variants))
            }
            (_, Err(found)) => Err(self.findings(found)),
            (None, Ok(_)) => Err(self.findings(problems)),
        }
    }

    /// The variants, or what was found before with what is wrong with them.
    fn variants_beside(&self, known: &Problems) -> Result<Vec<(String, Scenario)>, Problems> {
        let variants = self.written_variants(&mut Context::default());
        let values = self.tree.size().saturating_mul(variants.len() + 1);
        if !variants.is_empty() && values > VALUES_OF_VARIANTS_MAX {
            let message =
                format!("a scenario with its variants may have {VALUES_OF_VARIANTS_MAX} values");
            return Err(self.too_much(known, message, &format!("this makes {values}")));
        }
        let (mut scenarios, mut parts) = (Vec::new(), 0);
        let mut wrong: Vec<(String, Problems)> = Vec::new();
        for (name, changes) in variants.into_iter().take(VARIANTS_MAX) {
            match self.variant(&changes) {
                Ok(scenario) => {
                    parts += scenario.size();
                    scenarios.push((name, scenario));
                }
                Err(findings) => wrong.push((name, findings.problems)),
            }
            if parts > PARTS_OF_VARIANTS_MAX {
                let message =
                    format!("a scenario with its variants may have {PARTS_OF_VARIANTS_MAX} parts");
                let label = "hosts, containers, replicas, rules, clients and effects of faults";
                return Err(self.too_much(known, message, label));
            }
        }
        if wrong.is_empty() {
            return Ok(scenarios);
        }
        let mut problems = known.clone();
        gather(
            wrong.iter().map(|(name, found)| (name.as_str(), found)),
            &mut problems,
        );
        Err(problems)
    }

    fn variant(&self, changes: &Changes) -> Result<Scenario, Findings> {
        let mut context = self.context();
        let mut tree = self.tree.clone();
        let mut unknown_names = self.unknown_names.clone();
        for (path, value) in changes {
            if let Some(path) = Path::parse(path, path.position, &mut context.problems) {
                unknown_names.extend(path.unknown_name(&self.tree, &ScenarioFile::describe()));
                path.set(&mut tree, value.clone(), &mut context.problems);
            }
        }
        self.read(&tree, &unknown_names, context)
    }

    fn findings(&self, problems: Problems) -> Findings {
        Findings {
            problems,
            sources: self.sources.clone(),
        }
    }

    /// What was found before, and that the variants are too much.
    fn too_much(&self, known: &Problems, message: String, label: &str) -> Problems {
        let mut problems = known.clone();
        let variants = self.tree.get("variants").unwrap_or(&self.tree);
        problems.report(Problem::error(variants.position, message).label(label));
        problems
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

    fn read(
        &self,
        tree: &Node,
        unknown_names: &[Problem],
        mut context: Context,
    ) -> Result<Scenario, Findings> {
        let file = ScenarioFile::decode(tree, &mut context);
        let scenario = file.map(|file| {
            let traces = |name: &str| self.traces.get(name).cloned();
            let built = build(&file, &traces, &mut context);
            if !context.problems.has_errors() {
                check::check(&file, &built, &mut context);
            }
            (file, built)
        });
        for unknown in unknown_names {
            context.problems.replace_errors_with(unknown);
        }
        match scenario {
            Some((file, built)) if !context.problems.has_errors() => {
                let mut scenario = self.scenario_of(&file, built, &context);
                scenario.warnings = self.findings(context.problems);
                Ok(scenario)
            }
            _ => Err(self.findings(context.problems)),
        }
    }

    fn scenario_of(&self, file: &ScenarioFile, built: Built, context: &Context) -> Scenario {
        Scenario {
            name: self.name.clone(),
            title: file.title.to_string(),
            claim: file.claim.as_ref().map(|claim| claim.to_string()),
            verdict: file.verdict.as_ref().map(|verdict| verdict.value),
            holds_if: built.holds_if,
            expect: built.expect,
            what_to_do: file.what_to_do.as_ref().map(|advice| advice.to_string()),
            seed: file.seed.get(),
            replications: file.replications.get(),
            expected_requests: check::expected_requests(&built.blueprint),
            expected_probes_and_strikes: check::expected_probes_and_strikes(
                &built.blueprint,
                &built.faults,
            ),
            blueprint: built.blueprint,
            faults: built.faults,
            defaults: defaults_used(context),
            warnings: Findings::default(),
        }
    }
}

/// Adds what was found of variants to what is known, each problem once and with the names of its variants.
fn gather<'a>(found: impl Iterator<Item = (&'a str, &'a Problems)>, known: &mut Problems) {
    let mut new: Vec<(&Problem, Vec<&str>)> = Vec::new();
    for (name, problems) in found {
        for problem in problems.sorted() {
            match new.iter().position(|(other, _)| *other == problem) {
                Some(index) => new[index].1.push(name),
                None if known.contains(problem) => {}
                // What could not be shown anyway is not worth comparing with.
                None if new.len() < PROBLEMS_KEPT_MAX => new.push((problem, vec![name])),
                None => {}
            }
        }
    }
    for (problem, names) in new {
        let noun = if names.len() == 1 {
            "variant"
        } else {
            "variants"
        };
        let note = format!("in the {noun} {}", quoted_list(names));
        known.report(problem.clone().note(note));
    }
}

/// Settings to change, as written.
pub type Changes = Vec<(Spanned<Text>, Node)>;

/// Reads the file, lays it over what it extends, and applies the overrides. Beside the tree: what to say of names that
/// overrides made, if they were not meant to be new.
fn assembled(
    name: &str,
    bytes: &[u8],
    overrides: &[String],
    load: &mut Loader<'_>,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Option<(Node, Vec<Problem>)> {
    let kind = ScenarioFile::describe();
    let tree = notation::read(name, bytes, sources, problems)?;
    let mut tree = resolve_extends(tree, name, &kind, load, sources, problems)?;
    let mut unknown_names = Vec::new();
    for text in overrides {
        if let Some(change) = Override::parse(text, "--set", sources, problems) {
            unknown_names.extend(change.path.unknown_name(&tree, &kind));
            change.apply(&mut tree, problems);
        }
    }
    Some((tree, unknown_names))
}

/// A file's name without its folder and its ending.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".yaml")
        .or_else(|| file.strip_suffix(".yml"))
        .unwrap_or(file)
}

/// The name of the results of a file: small letters, digits and `-`, at most 64. `My_Shop` becomes `my-shop`.
fn result_name(stem: &str) -> String {
    let mut name = String::new();
    for character in stem.chars().map(|character| character.to_ascii_lowercase()) {
        match character {
            'a'..='z' | '0'..='9' => name.push(character),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.truncate(RESULT_NAME_BYTES_MAX);
    match name.trim_end_matches('-') {
        "" => "scenario".to_owned(),
        name => name.to_owned(),
    }
}
