//! The example that uses most of what a file may say.

use crate::support::{EVERYTHING, open};
use tunnelsim::notation::Style;

#[test]
fn the_example_with_everything_is_accepted_with_its_variants() {
    let document = open(EVERYTHING);
    let scenario = document
        .scenario()
        .unwrap_or_else(|found| panic!("{found}"));
    let warnings = scenario.warnings.render(Style::Plain);
    assert!(!warnings.contains("error"), "{warnings}");
    assert_eq!((scenario.expect.len(), scenario.holds_if.len()), (4, 1));
    assert_eq!(
        document
            .variants()
            .unwrap_or_else(|found| panic!("{found}"))
            .len(),
        4
    );
}
