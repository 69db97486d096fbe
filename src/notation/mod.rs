//! Floor 1: how a scenario file is written, independent of what it says.
//!
//! A file's bytes become a [`Node`] tree that remembers where every value stands ([`read`]); types declared
//! with [`block!`] and [`choice!`] are decoded from the tree ([`Decode`]), and all [`Problems`] of a file are
//! collected and shown together ([`render`]). The same declarations give the JSON Schema and the reference page.
//!
//! ```
//! use tunnelsim::notation::{self, Context, Decode, Duration, Entries, Rate, Sources, Style, Text, block};
//!
//! block! {
//!     /// A group of clients in one place.
//!     pub struct ClientsFile as "clients" {
//!         /// City they sit in.
//!         city: Text = required,
//!         /// How often one of them begins a session; left out, nobody comes.
//!         sessions: Rate = optional,
//!         /// How long they wait for an answer.
//!         patience: Duration = "300s" (assumed: "the time-out of common browsers"),
//!     }
//! }
//!
//! block! {
//!     /// A scenario.
//!     pub struct ScenarioFile as "scenario" {
//!         /// The groups of clients.
//!         clients: Entries<ClientsFile> = required,
//!     }
//! }
//!
//! let text = "clients:\n  spain:\n    citty: Madrid\n    sessions: 5\n";
//! let (mut sources, mut context) = (Sources::default(), Context::default());
//! let tree = notation::read("shop.yaml", text.as_bytes(), &mut sources, &mut context.problems).unwrap();
//! let scenario = ScenarioFile::decode(&tree, &mut context);
//!
//! assert!(scenario.is_some(), "what can be read is there for further checks");
//! let shown = notation::render(&context.problems, &sources, Style::Plain);
//! assert!(shown.contains("did you mean `city`?"));
//! assert!(shown.contains("a rate needs a unit"));
//! assert!(shown.ends_with("error: 3 problems in shop.yaml\n"));
//! ```
//!
//! Each module may be read on its own; this order builds up:
//!
//! * `limits`, `source`, `tree`: the bounds of a file, places in it, and what it becomes,
//! * `yaml`: from text to tree,
//! * `problem`, `render`: what is wrong, and how it is shown,
//! * `decode`, `leaf`, `collections`, `law`: from tree to values,
//! * `fields` and `choice` with their macros [`block!`] and [`choice!`]: declarations,
//! * `layers`, `merge`, `path`: files over files, and values from outside,
//! * `describe`, `schema`, `reference`: what the declarations say about themselves.

mod block_macro;
mod choice;
mod choice_macro;
mod collections;
mod decode;
mod describe;
mod fields;
#[cfg(test)]
mod hostile;
mod law;
mod layers;
mod leaf;
mod limits;
mod merge;
mod path;
mod problem;
mod reference;
mod render;
mod schema;
mod source;
#[cfg(test)]
mod testing;
mod tree;
mod yaml;

pub use crate::{block, choice};
pub use choice::{InlineOr, Variant, decode_choice, describe_choice};
pub use collections::{Entries, OneOrMany, Pair, unresolved};
pub use decode::{Context, Decode, Leaf, Refusal, Spanned};
pub use describe::{
    Describe, Evidence, FieldDescription, FieldGroup, Grade, Presence, Shape, TypeDescription,
    VariantDescription, fields_of,
};
pub use fields::{
    Block, Fields, Joined, check_declaration, check_default, decode_block, describe_block,
};
pub use law::{CountSpec, DistributionSpec};
pub use layers::{Loaded, Loader, Override, resolve_extends};
pub use leaf::{
    AnyWhole, Decimal, Duration, Hostname, Id, Number, PositiveDuration, Prose, Rate, Share, Text,
    Whole, decimal,
};
pub use limits::*;
pub use path::Path;
pub use problem::{Problem, Problems, Severity, nearest, plain_list, quoted_list};
pub use reference::markdown_reference;
pub use render::{Style, render};
pub use schema::{json_schema, visit};
pub use source::{Position, SourceId, Sources};
pub use tree::{Key, Node, Scalar, Value};
pub use yaml::read;
