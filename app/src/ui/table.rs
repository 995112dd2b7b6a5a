//! Tables that scroll in their own box, sort by links, and become cards on narrow screens.
use super::{Icon, Slot, Words};
use leptos::prelude::*;

/// How the rows lie by a column now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    /// By another column.
    No,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// The head of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    label: String,
    numeric: bool,
    link: Option<(String, Sorted)>,
}

impl Column {
    /// A column of words.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            numeric: false,
            link: None,
        }
    }

    /// A column of numbers: set to the right.
    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// Sorted by a click on its head, which leads to `href`.
    #[must_use]
    pub fn sorts(mut self, href: impl Into<String>, now: Sorted) -> Self {
        self.link = Some((href.into(), now));
        self
    }
}

fn head(column: Column) -> impl IntoView {
    let class = column.numeric.then_some("num");
    let Some((href, now)) = column.link else {
        return view! { <th scope="col" class=class>{column.label}</th> }.into_any();
    };
    let (order, icon) = match now {
        Sorted::No => ("none", Icon::Sort),
        Sorted::Ascending => ("ascending", Icon::Up),
        Sorted::Descending => ("descending", Icon::Lower),
    };
    view! {
        <th scope="col" class=class aria-sort=order>
            <a href=href>{column.label} {icon.view()}</a>
        </th>
    }
    .into_any()
}

/// When the rows of a table turn into cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stacks {
    /// On phones.
    #[default]
    Narrow,
    /// Already on tablets and small windows: for tables of many columns.
    Early,
    /// Never: the table scrolls.
    Never,
}

/// A table; children are rows (`<tr>`), or [`RowGroup`]s with `grouped`.
#[component]
pub fn Table(
    /// What the table lists.
    #[prop(into)]
    label: String,
    columns: Vec<Column>,
    #[prop(optional)] stacks: Stacks,
    /// Set for long tables of short cells.
    #[prop(optional)]
    dense: bool,
    /// Set where the children are whole `<tbody>`s.
    #[prop(optional)]
    grouped: bool,
    children: Children,
) -> impl IntoView {
    let stack = match stacks {
        Stacks::Narrow => Some("narrow"),
        Stacks::Early => Some("early"),
        Stacks::Never => None,
    };
    let rows = children();
    let rows = if grouped {
        rows
    } else {
        view! { <tbody>{rows}</tbody> }.into_any()
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class="table" data-stack=stack data-dense=dense>
                <thead>
                    <tr>{columns.into_iter().map(head).collect_view()}</tr>
                </thead>
                {rows}
            </table>
        </div>
    }
}

/// The cell that names its row, with a small line below.
#[component]
pub fn RowHead(
    #[prop(optional, into)] href: Words,
    #[prop(optional, into)] note: Slot,
    children: Children,
) -> impl IntoView {
    let words = match href.0 {
        Some(href) => view! { <a href=href>{children()}</a> }.into_any(),
        None => children(),
    };
    view! {
        <th scope="row">
            {words}
            {note.map(|note| view! { <small>{note}</small> })}
        </th>
    }
}

/// What happens to a cell where rows are cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rank {
    /// Always in sight.
    #[default]
    First,
    /// On phones behind [`FoldCell`], which must be the last cell of the row.
    Folded,
}

/// A cell; `label` repeats the column's head where rows are cards.
#[component]
pub fn Cell(
    #[prop(into)] label: String,
    #[prop(optional)] numeric: bool,
    #[prop(optional)] rank: Rank,
    #[prop(optional, into)] note: Slot,
    children: Children,
) -> impl IntoView {
    let folded = rank == Rank::Folded;
    view! {
        <td class=numeric.then_some("num") data-label=label data-fold=folded>
            {children()}
            {note.map(|note| view! { <small>{note}</small> })}
        </td>
    }
}

/// Opens the folded cells of its row on phones; not there elsewhere. Its column needs no head.
#[component]
pub fn FoldCell(
    /// What the row is about: "credit-risk".
    #[prop(into)]
    of: String,
) -> impl IntoView {
    view! {
        <td class="fold">
            <details class="disclosure">
                <summary>
                    {Icon::Right.view()}
                    <span>"More"<span class="hidden-visually">" about "{of}</span></span>
                </summary>
            </details>
        </td>
    }
}

/// Rows that belong together, under a heading as wide as the table.
#[component]
pub fn RowGroup(#[prop(into)] title: String, columns: usize, children: Children) -> impl IntoView {
    view! {
        <tbody class="group">
            <tr>
                <th scope="rowgroup" colspan=columns.to_string()>{title}</th>
            </tr>
            {children()}
        </tbody>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sorted_column_says_so_and_leads_to_the_other_order() {
        let columns = vec![
            Column::new("Model").sorts("?sort=-name", Sorted::Ascending),
            Column::new("n").numeric(),
        ];
        let html = view! { <Table label="Models" columns><tr></tr></Table> }.to_html();
        assert!(
            html.contains(r#"aria-sort="ascending" class=""><a href="?sort=-name">Model"#),
            "{html}"
        );
        assert!(html.contains(r#"<th scope="col" class="num">n</th>"#), "{html}");
        assert!(html.contains(r#"role="region" aria-label="Models""#), "{html}");
    }
}
