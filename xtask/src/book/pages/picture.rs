//! A picture that shrinks to the width of its page, and the same in words for where it shrinks too far.

use maud::{Markup, html};

use super::super::graph::{Drawn, Graph};

/// The width of a picture that the narrowest telephone shows in its own size.
const FITS_ANYWHERE: i32 = 320;
/// The style sheet has a rule for each hundred up to this many.
const WIDEST_HUNDREDS: i32 = 16;

/// The picture, and items of a list below it: the style sheet shows those where the letters of the picture get smaller than four fifths
/// of their size.
pub(super) fn framed(graph: &Graph, label: &str, words: &Markup) -> Markup {
    let drawn = Drawn::of(graph);
    let hundreds = (drawn.width() + 99) / 100;
    let class = match drawn.width() {
        width if width <= FITS_ANYWHERE => "pictured".to_owned(),
        _ => format!("pictured fits-{}", hundreds.min(WIDEST_HUNDREDS)),
    };
    html! {
        div class=(class) {
            div.picture tabindex="0" role="region" aria-label=(label) { (drawn.svg(graph)) }
            ul.in-words { (words) }
        }
    }
}
