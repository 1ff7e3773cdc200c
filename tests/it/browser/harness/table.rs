//! The table of customers as it is shown.

use serde::Deserialize;
use serde_json::json;

use super::page::{Page, comes_to};

/// The table of a page.
#[derive(Clone, Copy)]
pub struct Table<'a>(pub &'a Page);

/// A row that is in the document.
#[derive(Debug, Deserialize)]
pub struct ShownRow {
    /// Place in the list, from 0.
    pub place: usize,
    /// Customer id.
    pub id: String,
    /// The risk's text.
    pub risk: String,
    /// The mark of a value that was filled in, as its title says it.
    pub imputed: Option<String>,
    /// The features' cells.
    pub cells: Vec<ShownCell>,
}

/// A cell of a feature.
#[derive(Debug, Deserialize)]
pub struct ShownCell {
    /// Head of the column.
    pub label: String,
    /// Text.
    pub text: String,
    /// The arrows behind the text.
    pub arrows: String,
    /// The weight, as the title says it.
    pub weight: String,
    /// What assistive technology is told instead of the text.
    pub told: Option<String>,
    /// Red and blue of the background.
    pub colour: (u8, u8),
}

/// Reads every row in the document. A cell's title comes with the pointer.
const ROWS: &str = r#"(() => {
    const titleOf = cell => {
        cell.dispatchEvent(new PointerEvent('pointerover', {bubbles: true}));
        return cell.title;
    };
    const heads = [...document.querySelectorAll('thead th')].map(head => {
        const button = head.querySelector('button').cloneNode(true);
        button.querySelectorAll('[aria-hidden]').forEach(mark => mark.remove());
        return button.textContent.trim();
    });
    return [...document.querySelectorAll('tr[data-place]')].map(row => ({
        place: Number(row.dataset.place),
        id: row.querySelector('.id a').textContent,
        risk: row.querySelector('.risk').textContent,
        imputed: /≈/.test(row.querySelector('.id abbr').textContent)
            ? titleOf(row.querySelector('.id')) : null,
        cells: [...row.children].map((cell, column) => [cell, heads[column]])
            .filter(([cell]) => cell.matches('.level, .number'))
            .map(([cell, label]) => {
                const style = getComputedStyle(cell);
                const [red, , blue] = style.backgroundColor.match(/\d+/g);
                // A triangle opens downwards or upwards from its corner.
                const arrows = [...style.backgroundImage.matchAll(/from (\d+)deg/g)];
                return {
                    label,
                    arrows: arrows.map(([, from]) => from === '151' ? '▲' : '▼').join(''),
                    told: cell.ariaLabel,
                    text: cell.textContent,
                    weight: titleOf(cell),
                    colour: [Number(red), Number(blue)],
                };
            }),
    }));
})()"#;

impl Table<'_> {
    /// The rows that are in the document. For a moment the page is so large that
    /// no column is out of sight, as such columns are not drawn.
    pub async fn rows(self) -> Vec<ShownRow> {
        let size = "[innerWidth, innerHeight]";
        let [width, height]: [u32; 2] = self.0.read(size).await;
        self.resize(6000, 1400).await;
        self.0
            .until(
                "all columns are drawn",
                "!document.querySelector('tr[data-place] > [hidden]')",
            )
            .await;
        let rows = self.0.read(ROWS).await;
        self.resize(width, height).await;
        rows
    }

    async fn resize(self, width: u32, height: u32) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        let command = "Emulation.setDeviceMetricsOverride";
        self.0.emulate(command, metrics).await;
        let resized = format!("innerWidth === {width} && innerHeight === {height}");
        self.0.until("the page has another size", &resized).await;
    }

    /// Ids of the rows in the document, in order.
    pub async fn ids(self) -> Vec<String> {
        let ids = "[...document.querySelectorAll('tr[data-place] .id a')].map(a => a.textContent)";
        self.0.read(ids).await
    }

    /// Waits until the table starts with these customers. For many of them the
    /// page is so tall for a moment that they are drawn.
    pub async fn starts_with(self, ids: &[String]) {
        let [width, height]: [u32; 2] = self.0.read("[innerWidth, innerHeight]").await;
        let many = ids.len() > 12;
        if many {
            self.resize(width, 1400).await;
        }
        comes_to("the first customers", ids.to_vec(), async || {
            let mut shown = self.ids().await;
            shown.truncate(ids.len());
            shown
        })
        .await;
        if many {
            self.resize(width, height).await;
        }
    }

    /// Waits until the count over the table reads so.
    pub async fn counts(self, text: &str) {
        self.0.shows("output.count", text).await;
    }

    /// The head of a column, by the beginning of its text.
    pub async fn head(self, label: &str) -> fantoccini::elements::Element {
        let path = format!("//thead//button[starts-with(normalize-space(), '{label}')]");
        self.0.find_by_path(&path).await
    }

    /// Waits until one column alone says that it orders the table.
    pub async fn is_ordered(self, label: &str, direction: &str) {
        let expected = vec![(label.to_owned(), direction.to_owned())];
        comes_to("the ordering columns", expected, async || {
            let ordering = "[...document.querySelectorAll('th[aria-sort]:not([aria-sort=none])')]\
                .map(head => [head.innerText.replace(/[↑↓,].*/, '').trim(), head.ariaSort])";
            self.0.read::<Vec<(String, String)>>(ordering).await
        })
        .await;
    }

    /// Scrolls to a pixel.
    pub async fn scroll(self, top: u64) {
        let scroll = "document.querySelector('.table').scrollTop = arguments[0]";
        let _: u64 = self.0.read_with(scroll, vec![json!(top)]).await;
    }

    /// How many pixels are scrolled off above.
    pub async fn scrolled(self) -> u64 {
        self.0
            .read("Math.round(document.querySelector('.table').scrollTop)")
            .await
    }

    /// Clicks the row of a customer, beside the link.
    pub async fn open(self, id: &str) {
        let path = format!("//tr[.//a[.='{id}']]/td[contains(@class, 'risk')]");
        let row = self.0.find_by_path(&path).await;
        row.click()
            .await
            .unwrap_or_else(|error| panic!("{id} takes no click: {error}"));
        self.0.find(".customer").await;
    }

    /// Types into the search field.
    pub async fn search(self, text: &str) {
        let field = self.0.find("input[type=search]").await;
        field.clear().await.expect("an empty search");
        field.send_keys(text).await.expect("a search");
    }
}
