//! The declaration of a block of settings.

/// Declares a block of settings: a struct with public fields, how it is read, and what the schema and
/// the reference page say about it.
///
/// ```
/// use tunnelsim::notation::{block, Duration, Id, Whole};
///
/// block! {
///     /// A container on a host.
///     pub struct ContainerFile as "container" {
///         /// The port it listens on.
///         port: Whole<1, 65_535> = required,
///         /// The host name it is known by, if it is not its own name.
///         alias: Id = optional,
///         /// How long its process takes to listen.
///         start: Duration = "1s" (assumed: "our choice"),
///         /// Kilometres of cable to the host. (The type says no unit, so the field does; the key differs.)
///         cable as "for": Whole<0, 100> = "0" in "km" (assumed: "our choice"),
///     }
/// }
/// ```
///
/// Each field is `name [as "key"]: Type = PRESENCE [in "unit"] [(grade: "source")]`:
///
/// * `= required` gives a field of type `Spanned<Type>`,
/// * `= optional` gives `Option<Spanned<Type>>`; its documentation says what leaving it out means,
/// * `= "yaml"` gives `Spanned<Type>` whose default is that YAML text; it needs its grade (`documented`,
///   `read`, `measured`, `inferred` or `assumed`, see [`Grade`](crate::notation::Grade)) and source.
#[macro_export]
macro_rules! block {
    (
        $(#[doc = $doc:literal])*
        $(#[derive($($derive:ident),*)])?
        $visibility:vis struct $name:ident as $key:literal {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident $(as $field_key:literal)? : $type:ty = $presence:tt
                    $(in $unit:literal)? $(($grade:ident : $source:literal))?
            ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone $($(, $derive)*)?)]
        $visibility struct $name {
            $(
                $(#[doc = $field_doc])*
                pub $field: $crate::block!(@type $presence $type),
            )*
        }

        impl $crate::notation::Block for $name {
            const NAME: &'static str = $key;
            const DOC: &'static str = concat!($($doc, "\n",)*);
            const FIELDS: &'static [$crate::notation::FieldDescription] = &[$(
                $crate::notation::FieldDescription {
                    name: $crate::block!(@key $field $($field_key)?),
                    doc: concat!($($field_doc, "\n",)*),
                    kind: <$type as $crate::notation::Decode>::describe,
                    presence: $crate::block!(@presence $presence),
                    unit: $crate::block!(@option $($unit)?),
                    evidence: $crate::block!(@evidence $($grade $source)?),
                    check_default: $crate::block!(@check $presence $type),
                },
            )*];

            #[allow(unused_variables, reason = "a block may have no fields")]
            fn read(
                fields: &$crate::notation::Fields<'_>,
                context: &mut $crate::notation::Context,
            ) -> Option<Self> {
                // All fields are read before the first missing one ends it, so that every problem is seen.
                $(
                    let $field = $crate::block!(
                        @read $presence fields, $crate::block!(@key $field $($field_key)?), context
                    );
                )*
                Some(Self { $($field: $crate::block!(@unwrap $presence $field)),* })
            }
        }

        impl $crate::notation::Decode for $name {
            fn decode(
                node: &$crate::notation::Node,
                context: &mut $crate::notation::Context,
            ) -> Option<Self> {
                $crate::notation::decode_block(node, context)
            }

            fn describe() -> $crate::notation::TypeDescription {
                $crate::notation::describe_block::<Self>()
            }
        }
    };

    (@type required $type:ty) => { $crate::notation::Spanned<$type> };
    (@type optional $type:ty) => { Option<$crate::notation::Spanned<$type>> };
    (@type $default:literal $type:ty) => { $crate::notation::Spanned<$type> };

    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };

    (@presence required) => { $crate::notation::Presence::Required };
    (@presence optional) => { $crate::notation::Presence::Optional };
    (@presence $default:literal) => { $crate::notation::Presence::Default($default) };

    (@option) => { None };
    (@option $value:literal) => { Some($value) };

    (@evidence) => { None };
    (@evidence $grade:ident $source:literal) => {
        Some($crate::notation::Evidence { grade: $crate::block!(@grade $grade), source: $source })
    };
    (@grade documented) => { $crate::notation::Grade::Documented };
    (@grade read) => { $crate::notation::Grade::Read };
    (@grade measured) => { $crate::notation::Grade::Measured };
    (@grade inferred) => { $crate::notation::Grade::Inferred };
    (@grade assumed) => { $crate::notation::Grade::Assumed };

    (@check required $type:ty) => { |_| {} };
    (@check optional $type:ty) => { |_| {} };
    (@check $default:literal $type:ty) => {
        |context| $crate::notation::check_default::<$type>($default, context)
    };

    (@read required $fields:ident, $key:expr, $context:ident) => { $fields.required($key, $context) };
    (@read optional $fields:ident, $key:expr, $context:ident) => { $fields.optional($key, $context) };
    (@read $default:literal $fields:ident, $key:expr, $context:ident) => {
        $fields.defaulted($key, $default, $context)
    };

    (@unwrap optional $field:ident) => { $field };
    (@unwrap $presence:tt $field:ident) => { $field? };
}
