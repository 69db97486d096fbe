//! The declaration of a choice between several kinds.

/// Declares one of several kinds: an enum, how it is read, and what schema and reference page say about it.
///
/// ```
/// use tunnelsim::notation::{block, choice, Duration, Share};
///
/// block! {
///     /// Answers late.
///     pub struct Brownout as "brownout" {
///         /// By how much.
///         delay: Duration = required,
///     }
/// }
///
/// choice! {
///     /// What a fault does to a container.
///     #[derive(PartialEq)]
///     pub enum ContainerFault as "container-fault" {
///         /// The process ends.
///         Crash as "crash",
///         /// A share of the answers is wrong.
///         Errors(Share) as "errors",
///     }
/// }
/// ```
#[macro_export]
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        $(#[derive($($derive:ident),*)])?
        $visibility:vis enum $name:ident as $key:literal {
            $(
                $(#[doc = $variant_doc:literal])*
                $variant:ident $(($payload:ty))? as $variant_key:literal
            ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone $($(, $derive)*)?)]
        #[allow(clippy::large_enum_variant, reason = "what a file says is read once and not kept")]
        $visibility enum $name {
            $(
                $(#[doc = $variant_doc])*
                $variant $(($payload))?,
            )*
        }

        impl $name {
            /// The kinds in declared order.
            const VARIANTS: &'static [$crate::notation::Variant<Self>] = &[$(
                $crate::notation::Variant {
                    name: $variant_key,
                    doc: concat!($($variant_doc, "\n",)*),
                    payload: $crate::choice!(@payload $($payload)?),
                    decode: $crate::choice!(@decode $variant $($payload)?),
                },
            )*];
        }

        impl $crate::notation::Decode for $name {
            fn decode(
                node: &$crate::notation::Node,
                context: &mut $crate::notation::Context,
            ) -> Option<Self> {
                $crate::notation::decode_choice($key, Self::VARIANTS, node, context)
            }

            fn describe() -> $crate::notation::TypeDescription {
                let doc = concat!($($doc, "\n",)*);
                $crate::notation::describe_choice($key, doc, Self::VARIANTS)
            }
        }
    };

    (@payload) => { None };
    (@payload $payload:ty) => { Some(<$payload as $crate::notation::Decode>::describe) };

    (@decode $variant:ident) => { |_, _| Some(Self::$variant) };
    (@decode $variant:ident $payload:ty) => {
        |node, context| <$payload as $crate::notation::Decode>::decode(node, context).map(Self::$variant)
    };
}
