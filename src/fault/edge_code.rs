//! How a scenario file names places at the edge.

use std::borrow::Cow;

use serde_json::json;

use crate::notation::{Leaf, Refusal, Scalar, nearest};
use crate::world::geography::{Atlas, DataCentre, MetroId};

/// An edge metro by its IATA code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MetroCode(pub MetroId);

impl Leaf for MetroCode {
    const EXAMPLES: &'static [&'static str] = &["FRA", "QRO"];
    const BYTES_MAX: usize = 3;

    fn name() -> Cow<'static, str> {
        "metro".into()
    }

    fn expected() -> Cow<'static, str> {
        "the code of an edge metro such as FRA".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        metro(&scalar.text).map(MetroCode)
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": "^[A-Za-z]{3}$"})
    }
}

fn metro(code: &str) -> Result<MetroId, Refusal> {
    let atlas = Atlas::shipped();
    atlas.metro(code).ok_or_else(|| {
        let refusal = Refusal::because(format!("there is no edge metro `{code}`"));
        let written = code.to_ascii_uppercase();
        let is_code = written.len() == 3 && written.bytes().all(|byte| byte.is_ascii_uppercase());
        let near = atlas.metros().iter().map(|metro| metro.code.as_str());
        match nearest(&written, near) {
            Some(near) if is_code => refusal.did_you_mean(near),
            _ => refusal.help("`tunnelsim list edges` names them all"),
        }
    })
}

/// An edge metro and, if it matters, the number of one of its data centres: `FRA` or `FRA3`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EdgeCode {
    /// The metro.
    pub metro: MetroId,
    /// The data centre's number, from 1.
    pub number: Option<u8>,
}

impl EdgeCode {
    /// The data centre, if a number is given.
    pub fn data_centre(self) -> Option<DataCentre> {
        self.number.map(|number| DataCentre {
            metro: self.metro,
            number,
        })
    }
}

impl Leaf for EdgeCode {
    const EXAMPLES: &'static [&'static str] = &["FRA", "FRA3"];
    const BYTES_MAX: usize = 6;

    fn name() -> Cow<'static, str> {
        "edge-code".into()
    }

    fn expected() -> Cow<'static, str> {
        "an edge metro such as FRA, or one of its data centres such as FRA3".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        let digits = scalar
            .text
            .trim_start_matches(|c: char| !c.is_ascii_digit());
        let metro = metro(&scalar.text[..scalar.text.len() - digits.len()])?;
        if digits.is_empty() {
            return Ok(EdgeCode {
                metro,
                number: None,
            });
        }
        let last = Atlas::shipped()[metro].n_data_centres;
        match digits.parse::<u8>() {
            Ok(number) if (1..=last).contains(&number) => Ok(EdgeCode {
                metro,
                number: Some(number),
            }),
            _ => Err(Refusal::because(format!(
                "{} has the data centres 1 to {last}",
                Atlas::shipped()[metro].code
            ))),
        }
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": "^[A-Za-z]{3}[0-9]{0,3}$"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed<T: Leaf>(text: &str) -> Option<T> {
        T::parse(&Scalar {
            text: text.to_owned(),
            quoted: false,
        })
        .ok()
    }

    #[test]
    fn a_data_centre_must_exist_in_its_metro() {
        assert_eq!(
            parsed::<EdgeCode>("FRA12").and_then(|edge| edge.number),
            Some(12)
        );
        assert!(parsed::<EdgeCode>("FRA13").is_none());
        assert!(parsed::<EdgeCode>("FRA0").is_none());
        assert_eq!(
            parsed::<EdgeCode>("fra").map(|edge| edge.number),
            Some(None)
        );
        assert!(parsed::<EdgeCode>("QQQ").is_none() && parsed::<MetroCode>("é").is_none());
    }
}
