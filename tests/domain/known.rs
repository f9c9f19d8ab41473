//! Rows on which the program is known to be wrong, with what the law or the contract wants. A row that comes
//! right fails the test, so that it moves to its table. None is known now.

use crate::support::run_known;

#[test]
fn known_to_be_wrong() {
    run_known(&[]);
}
