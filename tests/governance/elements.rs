//! A thousand rebuilds of selectors: what build tools make up goes, what people wrote stays.

use rasoat::finding::Subject;

use super::mutant::{BASE64, Dice, HEX};

const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// One element as the tools of one build name it.
fn selector(form: u64, dice: &mut Dice) -> String {
    let (module, hex) = (dice.hash(BASE64, 5), dice.hash(HEX, 8));
    match form {
        0 => format!("nav > .Menu_item__{module}:nth-child(3)"),
        1 => format!("#main .card.css-{} > img[alt]", dice.hash(BASE36, 6)),
        2 => format!("img[src=\"/static/logo.{hex}.png?v={}\"]", dice.roll(9_999)),
        3 => format!("a[href='/tin'][data-v-{hex}]"),
        4 => format!("button.btn.svelte-{}[type=submit]", dice.hash(BASE36, 7)),
        5 => format!("._footer_{}_{} > a", dice.hash(BASE36, 5), dice.roll(400)),
        6 => format!("div.jsx-{} > h2", dice.roll(4_000_000_000)),
        _ => format!("label[for=\":r{}:\"]", dice.hash(BASE36, 1)),
    }
}

#[test]
fn made_up_parts_of_a_selector_do_not_name_it() {
    let mut dice = Dice::new(1);
    let first: Vec<Subject> = (0..8).map(|form| Subject::element(&selector(form, &mut dice))).collect();
    for (n, one) in first.iter().enumerate() {
        assert!(!first[..n].contains(one), "{one}");
    }
    let mut changed = Vec::new();
    for n in 0..1_000_u64 {
        let form = n % 8;
        let again = selector(form, &mut dice);
        if Subject::element(&again) != first[usize::try_from(form).unwrap()] {
            changed.push(again);
        }
    }
    assert!(changed.len() <= 10, "{}: {changed:?}", changed.len());
}
