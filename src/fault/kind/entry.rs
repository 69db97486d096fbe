//! What every kind of fault has in common: how it is declared, read and turned into a plan.

use std::fmt::Debug;
use std::rc::Rc;

use crate::fault::{Duration as Lasts, Effect, FaultPlan, Names, Occurrence};
use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;
use crate::notation::{
    Block, Context, Decode, DistributionSpec, Duration, Id, Joined, Node, Position,
    PositiveDuration, Problem, Share, Spanned, TypeDescription, Value, Variant, block,
    decode_choice, describe_choice,
};

/// Whether a fault has an end of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lasting {
    /// It happens at one moment; what it broke is repaired by other means.
    Moment,
    /// It clears after the time given, or never.
    While,
    /// It clears after a time that has to be given: what does not end is another kind.
    Briefly,
}

/// A kind of fault: its parameters are a block, and this says what they do to a world.
pub trait Kind: Block + Decode + Debug + 'static {
    /// Whether it has an end of its own.
    const LASTING: Lasting;

    /// The effects, once the names are resolved. `None` when that is not possible, which has been reported.
    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage>;
}

/// What a fault does.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Damage {
    /// What it hits, in words.
    pub target: String,
    /// What it does when it strikes.
    pub strike: Vec<Effect>,
    /// What it does when it clears.
    pub clear: Vec<Effect>,
}

impl Damage {
    /// Damage to each of several things that either work or do not.
    pub fn to_each<I: Copy>(
        things: &[I],
        name: impl Fn(I) -> String,
        effect: impl Fn(I, bool) -> Effect,
    ) -> Damage {
        Damage {
            target: joined(things.iter().map(|thing| name(*thing))),
            strike: things.iter().map(|thing| effect(*thing, false)).collect(),
            clear: things.iter().map(|thing| effect(*thing, true)).collect(),
        }
    }

    /// Damage to each of several things that happens at one moment.
    pub fn at_once<I: Copy>(
        things: &[I],
        name: impl Fn(I) -> String,
        effect: impl Fn(I) -> Effect,
    ) -> Damage {
        let mut damage = Damage::to_each(things, name, |thing, _| effect(thing));
        damage.clear.clear();
        damage
    }
}

/// Names with commas between them.
pub fn joined(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// A [`Kind`] whose type is forgotten.
pub trait Resolve: Debug {
    /// See [`Kind::resolve`].
    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage>;
}

impl<K: Kind> Resolve for K {
    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        Kind::resolve(self, names)
    }
}

/// A kind of fault in the registry.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name in scenario files.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Whether it has an end of its own.
    pub lasting: Lasting,
    scheduled: fn() -> Variant<Scheduled>,
    random: fn() -> Variant<Random>,
}

impl Entry {
    /// The entry of a kind.
    pub const fn of<K: Kind>() -> Entry {
        Entry {
            name: K::NAME,
            doc: K::DOC,
            lasting: K::LASTING,
            scheduled: variant::<Schedule, K>,
            random: variant::<Renewal, K>,
        }
    }

    /// The first sentence of its documentation.
    pub fn summary(&self) -> String {
        let text = self.doc.split_whitespace().collect::<Vec<_>>().join(" ");
        match text.split_once(". ") {
            Some((first, _)) => format!("{first}."),
            None => text,
        }
    }

    /// How it is written under `failures:`.
    pub fn random(&self) -> Variant<Random> {
        (self.random)()
    }
}

/// A fault as written, with its own parameters behind a trait object.
#[derive(Clone, Debug)]
pub struct Written<W> {
    /// Its kind.
    pub kind: &'static str,
    /// Whether the kind has an end of its own.
    pub lasting: Lasting,
    /// When it strikes.
    pub when: W,
    /// What it does.
    pub damage: Rc<dyn Resolve>,
}

/// A fault of the list `faults:`.
pub type Scheduled = Written<Schedule>;

/// A fault of the list `failures:`.
pub type Random = Written<Renewal>;

block! {
    /// When a fault strikes.
    pub struct Schedule as "scheduled" {
        /// Its name in reports; left out, it is called after its kind and its target.
        name: Id = optional,
        /// When it strikes.
        at: Duration = required,
        /// How long it lasts: a length of time or a law; left out, until the end. A restart needs one.
        lasts as "for": DistributionSpec = optional,
        /// Time from one strike to the next; left out, it strikes once.
        every: PositiveDuration = optional,
    }
}

block! {
    /// How often a failure happens by itself.
    pub struct Renewal as "random" {
        /// Its name in reports; left out, it is called after its kind and its target.
        name: Id = optional,
        /// Mean time from a repair to the next failure: a plain length of time means an exponential law.
        mtbf: MeanOrLaw = required,
        /// Time to repair: a plain length of time means an exponential law. Left out for kinds without an end.
        mttr: MeanOrLaw = optional,
    }
}

/// A law of lengths of time of which a plain length is the mean of an exponential one, as failures have it.
#[derive(Clone, Debug, PartialEq)]
pub struct MeanOrLaw(pub Distribution);

impl Decode for MeanOrLaw {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        match &node.value {
            Value::Scalar(_) | Value::Null => {
                let mean = PositiveDuration::decode(node, context)?;
                Some(MeanOrLaw(Distribution::Exponential { mean: mean.span() }))
            }
            _ => DistributionSpec::decode(node, context).map(|law| MeanOrLaw(law.0)),
        }
    }

    fn describe() -> TypeDescription {
        DistributionSpec::describe()
    }
}

fn variant<W: Block + Debug + 'static, K: Kind>() -> Variant<Written<W>> {
    Variant {
        name: K::NAME,
        doc: K::DOC,
        payload: Some(<Joined<W, K> as Decode>::describe),
        decode: decode_written::<W, K>,
    }
}

fn decode_written<W: Block, K: Kind>(node: &Node, context: &mut Context) -> Option<Written<W>> {
    let Joined { common, own } = Joined::<W, K>::decode(node, context)?;
    Some(Written {
        kind: K::NAME,
        lasting: K::LASTING,
        when: common,
        damage: Rc::new(own),
    })
}

impl Decode for Scheduled {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        let variants: Vec<_> = super::ENTRIES
            .iter()
            .map(|entry| (entry.scheduled)())
            .collect();
        decode_choice("fault", &variants, node, context)
    }

    fn describe() -> TypeDescription {
        let variants: Vec<_> = super::ENTRIES
            .iter()
            .map(|entry| (entry.scheduled)())
            .collect();
        describe_choice(
            "fault",
            "What goes wrong, when, and for how long.",
            &variants,
        )
    }
}

impl Scheduled {
    /// The plan, and where its time stands in the file.
    ///
    /// A fault that lasts no time is dropped with a warning.
    pub fn plan(&self, names: &mut Names<'_>) -> Option<(FaultPlan, Position)> {
        let damage = self.damage.resolve(names)?;
        let duration = self.duration(names.context)?;
        if let (Some(every), Lasts::Lasts(Distribution::Constant(lasts))) =
            (&self.when.every, &duration)
            && every.span() <= *lasts
        {
            let problem =
                Problem::error(every.position, "a fault must clear before it strikes again")
                    .label(format!("it lasts {lasts}"));
            names.context.report(problem);
        }
        let occurrence = Occurrence::Scheduled {
            at: self.when.at.span(),
            every: self.when.every.as_ref().map(|every| every.span()),
        };
        let plan = plan(self.kind, &self.when.name, damage, occurrence, duration);
        Some((plan, self.when.at.position))
    }

    fn duration(&self, context: &mut Context) -> Option<Lasts> {
        let Some(lasts) = &self.when.lasts else {
            return self.endless(context);
        };
        refuse_end(self.kind, self.lasting, lasts.position, "for", context)?;
        let law = lasts.0.clone();
        if law == Distribution::Constant(Span::ZERO) {
            let problem =
                Problem::warning(lasts.position, "a fault that lasts no time is left out")
                    .label("it lasts 0s");
            context.report(match self.lasting {
                Lasting::While => problem.help("leave `for` out if it should last until the end"),
                _ => problem,
            });
            return None;
        }
        Some(Lasts::Lasts(law))
    }

    /// Without a time to clear it lasts until the end, if that is possible.
    fn endless(&self, context: &mut Context) -> Option<Lasts> {
        if self.lasting != Lasting::Briefly {
            return Some(Lasts::Unlimited);
        }
        let message = format!("`{}` needs `for`, the time until it is over", self.kind);
        let problem = Problem::error(self.when.at.position, message)
            .label("only when it strikes is written")
            .help("`for: 20s`, for example");
        context.report(problem);
        None
    }
}

/// Warns of a share of zero, as of a fault that hits nothing.
pub fn warn_of_nothing(share: &Spanned<Share>, context: &mut Context) {
    if share.get() == 0.0 {
        let problem = Problem::warning(share.position, "this fault hits nothing");
        context.report(problem.label("a share of 0%"));
    }
}

impl Random {
    /// The plan, and where its rate stands in the file.
    pub fn plan(&self, names: &mut Names<'_>) -> Option<(FaultPlan, Position)> {
        let damage = self.damage.resolve(names)?;
        let duration = match (&self.when.mttr, self.lasting) {
            (Some(mttr), _) => {
                refuse_end(
                    self.kind,
                    self.lasting,
                    mttr.position,
                    "mttr",
                    names.context,
                )?;
                Lasts::Lasts(mttr.0.clone())
            }
            (None, Lasting::Moment) => Lasts::Unlimited,
            (None, Lasting::While | Lasting::Briefly) => {
                let problem = Problem::error(
                    self.when.mtbf.position,
                    "this failure needs `mttr`, its time to repair",
                )
                .label("only how often it happens is written");
                names.context.report(problem);
                return None;
            }
        };
        if self.when.mtbf.0 == Distribution::Constant(Span::ZERO) {
            let position = self.when.mtbf.position;
            let problem = Problem::error(position, "a failure needs time until it happens again")
                .label("it would happen again and again at one moment");
            names.context.report(problem);
            return None;
        }
        let occurrence = Occurrence::Random {
            time_to_failure: self.when.mtbf.0.clone(),
        };
        let plan = plan(self.kind, &self.when.name, damage, occurrence, duration);
        Some((plan, self.when.mtbf.position))
    }
}

fn plan(
    kind: &'static str,
    name: &Option<Spanned<Id>>,
    damage: Damage,
    occurrence: Occurrence,
    duration: Lasts,
) -> FaultPlan {
    FaultPlan {
        name: match name {
            Some(name) => name.to_string(),
            None if damage.target.is_empty() => kind.to_owned(),
            None => format!("{kind} {}", damage.target),
        },
        kind,
        target: damage.target,
        occurrence,
        duration,
        strike: damage.strike,
        clear: damage.clear,
    }
}

fn refuse_end(
    kind: &str,
    lasting: Lasting,
    position: Position,
    field: &str,
    context: &mut Context,
) -> Option<()> {
    if lasting != Lasting::Moment {
        return Some(());
    }
    let problem = Problem::error(
        position,
        format!("`{kind}` happens at one moment and has no `{field}`"),
    )
    .label("it would not be used")
    .help("remove this setting");
    context.report(problem);
    None
}
