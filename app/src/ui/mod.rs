//! The kit of which pages are made: one component a file, named as its style sheet.
//!
//! `use crate::ui::*;` is enough for a page. Components render on the server only; the one island is the copy button.
//! Props are words unless the table says otherwise; `?` may be left out; a [`Slot`] takes any view or words (`footer="…"`,
//! `footer=view! { … }`); [`Words`] take `&str`, `String` or an `Option`; `Option` props take the value or an `Option`.
//! No `style=`, no markup repeated: what is missing here belongs here.
//!
//! | Component | Props (children last) |
//! |---|---|
//! | **Page** [`PageHead`] | title, lead? Slot, action? Slot, marks below the title? |
//! | [`Section`] | title, note? Slot, id?, children |
//! | [`WithRail`] | rail Slot, rail_label, children: [`Section`]s; end them with [`Jump`] href, words |
//! | [`Stack`] gap? · [`Pair`] · [`Trio`] · [`ReportBody`] | children |
//! | [`Facts`] of [`Fact`] name · [`Manifest`] of [`Part`] name, note? | children |
//! | [`Disclosure`] | summary, open?, children |
//! | [`Filters`] | action, placeholder, query?, chips? |
//! | **Cards** [`Card`] (body stands in) · [`Panel`] (reaches the edges) | title?, heading? Two/Three, note?, aside?, footer? Slots, tone?, id?, children |
//! | [`Figure`] | title, value, beside?, tone, verdict, target?, interval?, sample, range? |
//! | [`EmptyState`] | title, action? Slot, children |
//! | **Marks** `{Icon::Pass.view()}` `{Icon::Cross.labelled("remove")}` | [`Icon`] |
//! | [`Badge`] tone?, icon? · [`Status`] tone, icon? | words |
//! | [`TierMark`] tier · [`RunsMark`] version, state? [`Runs`], label? | |
//! | [`Chip`] | href, current?, removes?, count? u64, icon?, words |
//! | [`Avatar`] name, missing? · [`Who`] name | |
//! | [`Digest`] value, linked? · [`FullDigest`] value · [`CodeBlock`] label, code ([`pretty`] for JSON) | |
//! | **Buttons** [`Button`] | kind?, size?, icon?, name?, value?, described_by?, words |
//! | [`ButtonLink`] | href, kind?, size?, icon?, download?, words |
//! | [`Blocked`] | reason Slot, kind?, icon?, id?, words: the button that may not be pressed |
//! | [`Explained`] reason Slot, icon?, button · [`Switch`] href, on, words | |
//! | [`DialogButton`] opens, kind?, icon?, words · [`Dialog`] id, title, footer? Slot, children | |
//! | **Forms** [`Field`] | name, label, kind?, value?, hint?, error?, placeholder?, required?, narrows?, autocomplete?, inputmode?, pattern?, min?, max?, step?, max_length?, id? |
//! | [`TextArea`] | name, label, value?, hint?, error?, placeholder?, required?, rows?, max_length?, code?, id? |
//! | [`Select`] | name, label, options `Vec<(value, words)>`, value?, blank?, hint?, error?, required?, narrows?, id? |
//! | [`Choice`] | name, value, label, pick? One/Any, note? Slot, checked?, required? |
//! | [`Segments`] | name, legend, segments `vec![Segment::new(value, words).icon(…)]`, value?, required?, error? |
//! | [`FileField`] | name, label, accept?, hint?, error?, required?, multiple?, id? |
//! | [`Fieldset`] legend, note?, columns? One/Two/Three · [`FullWidth`] · [`Actions`] | children |
//! | [`ErrorSummary`] errors `Vec<(field id, words)>`, general? · [`KeptNote`] words | |
//! | **Notices** [`Notice`] tone?, title, icon?, role?, children? · [`Toast`] tone?, words | |
//! | **Places** [`Breadcrumb`] trail `Vec<(words, href)>`, here · [`Tabs`] label, tabs `vec![Tab::new(words, href).count(3).current(true)]` | |
//! | [`Pagination`] | summary, newer?, older? (addresses), words? |
//! | **Tables** [`Table`] | label, columns `vec![Column::new(words).numeric().sorts(href, Sorted::No)]`, stacks? Narrow/Early/Never, dense?, grouped?, rows: `<tr>`s |
//! | [`RowHead`] href?, note? Slot · [`Cell`] label, numeric?, rank? First/Folded, note? · [`FoldCell`] of (last cell of a row with folded ones) · [`RowGroup`] title, columns | children |
//! | **Numbers** [`number`] | [`Unit`]`::Ratio.write(x)`, `.interval(a, b)`, `.bracket(a, b)`; `thousands`, `sample`, `counted`, `bytes`, `fixed` |
//! | [`BarCell`] share, interval?, judged? · [`Measure`] label, value, target?, scale?, n?, note? · [`Progress`] done, of, words | |
//! | [`RangeMark`] range | [`Range`]`::around(value, interval, target)` |
//! | **Time** [`When`] at, now · [`Day`] at · [`Stamp`] at · [`Clock`] at | functions in [`time`] |
//! | **Charts** [`GroupPlot`] | title, reading, axis [`Axis`], rows [`PlotRow`]s, shape? Dots/Bars, key, series |
//! | [`RocCurve`] title, reading, curves, at_threshold? · [`CalibrationCurve`] title, reading, bins · [`Lines`] title, reading, across, up, curves, in_use?, target? | |
//! | [`Course`] | title, reading, each, times, lines [`CourseLine`]s, unit, levels |
//! | [`Lanes`] label, period, lanes, trend? · [`DayStrip`] counts, of | |
//! | **Releases** [`Inbox`] of [`InboxRow`] | href, title, whither?, tier, change Slot, worst? [`Worst`], aside Slot of [`DueMark`], [`Missing`] words, people |
//! | [`DueList`] of [`Due`] when, soon?, title, note? · [`Lifecycle`] label, of [`LifecycleStep`] name, reached, when | |
//! | [`GateList`] wide?, of [`Gate`] | state, rule, outcome, owner?, range?, detail |
//! | [`DiffText`] before, after · [`Delta`] went, by · [`BeforeAfter`] before, after | |
//! | [`Timeline`] of [`Moment`] | tone?, icon?, when Slot, note?, sentence |
//! | [`Signatures`] of [`Signature`] name, meaning, signed [`Signed`] · [`Statement`] · [`Verdict`] | |
//! | **Reviews** [`ReviewDesk`] evidence Slot · [`Question`] title, state, answer, open?, id · [`FromSystem`] · [`Finding`] title, note?, closed? · [`DecisionBar`] choices Slot, note? | children |
//! | **Deployments** [`StepList`] label, of [`Step`] name, state, when?, children? · [`LogPane`] label, lines | |
//! | **Audit** [`DayHead`] day, note? · [`AuditEntry`] at, actor, sentence Slot ([`Object`] inside), serial, open? · [`Proof`] sentence, holds?, open? | children |
mod audit_entry;
pub mod avatar;
pub mod badge;
mod breadcrumb;
pub mod button;
mod card;
pub mod chart;
mod code;
mod copy;
mod dialog;
pub mod diff;
pub mod digest;
mod empty_state;
mod field;
mod form;
mod gate_list;
mod icon;
mod inbox;
mod layout;
mod lifecycle;
mod manifest;
mod meter;
mod notice;
pub mod number;
mod pagination;
pub mod range;
mod review;
mod signature_block;
mod step_list;
mod table;
mod tabs;
pub mod time;
mod timeline;
mod words;

pub use audit_entry::*;
pub use avatar::{Avatar, Who};
pub use badge::*;
pub use breadcrumb::*;
pub use button::*;
pub use card::*;
pub use chart::*;
pub use code::*;
pub use copy::*;
pub use dialog::*;
pub use diff::{BeforeAfter, Delta, DiffText, Went};
pub use digest::{Digest, FullDigest};
pub use empty_state::*;
pub use field::*;
pub use form::*;
pub use gate_list::*;
pub use icon::*;
pub use inbox::*;
pub use layout::*;
pub use lifecycle::*;
pub use manifest::*;
pub use meter::*;
pub use notice::*;
pub use number::Unit;
pub use pagination::*;
pub use range::{Range, RangeMark, Scale};
pub use review::*;
pub use signature_block::*;
pub use step_list::*;
pub use table::*;
pub use tabs::*;
pub use time::{Clock, Day, Stamp, When};
pub use timeline::*;
pub use words::*;
