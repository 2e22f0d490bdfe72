"""The report as a real browser shows it, with no network; skipped where there is none."""

import re

import pytest

from claimbook.report.pdf import find_browser

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the report in a browser: playwright is not installed"
)

pytestmark = pytest.mark.slow
# so that axe sees what is off the screen, too
SHOW_ALL = "* { content-visibility: visible !important }"
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
LISTEN = "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.blockedURI))"


@pytest.fixture(scope="session")
def chromium():
    try:
        path = find_browser()
    except ValueError as error:
        pytest.skip(f"the report in a browser: {error}")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe():
    package = pytest.importorskip(
        "axe_playwright_python.base", reason="accessibility: axe_playwright_python is not installed"
    )
    return package.AXE_FILE_PATH.read_text(encoding="utf-8")


@pytest.fixture
def visit(chromium):
    """Open a page in a browser without network; whatever it complains of or asks for is wrong."""
    contexts, wrong = [], []

    def open_page(path, *, fragment="", **options):
        context = chromium.new_context(**{"viewport": DESKTOP, "offline": True, **options})
        contexts.append(context)
        context.add_init_script(LISTEN)
        context.set_default_timeout(10_000)
        context.on("request", lambda request: note_request(request, path))
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(f"dialog {dialog.message}"))
        page.goto(path.as_uri() + fragment)
        return page

    def note_request(request, path):
        if not request.url.startswith(("data:", path.as_uri())):
            wrong.append(f"request {request.url}")

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


DESKTOP = {"width": 1300, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def page(visit, report_path):
    return visit(report_path)


def count_shown(page):
    return page.locator("table.claims tbody tr:visible").count()


def read_status(page):
    return page.get_by_role("status").text_content()


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def choose(page, label, start):
    """Choose in a field the option that begins with a text."""
    field = page.get_by_role("combobox", name=label, exact=True)
    option = field.locator("option", has_text=re.compile(rf"^{start} \("))
    field.select_option(value=option.get_attribute("value"))


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"color_scheme": "light", "viewport": PHONE},
    ],
    ids=["light", "dark", "phone"],
)
def test_axe_finds_nothing_to_mend(visit, report_path, axe, options):
    page = visit(report_path, **options)
    page.evaluate(KEEP_SOME)
    page.add_style_tag(content=SHOW_ALL)
    page.evaluate(axe)
    found = page.evaluate("options => axe.run(document, options)", RULES)
    assert [
        (rule["id"], [node["html"][:200] for node in rule["nodes"][:3]])
        for rule in found["violations"]
    ] == []
    assert len(found["passes"]) > 20


# row after row and mark after mark are made alike: some stand for all
KEEP_SOME = """() => document.querySelectorAll('tbody tr:nth-child(n+7), svg > :nth-child(n+99)')
    .forEach(part => part.remove())"""


def test_a_click_in_the_matrix_leads_to_the_claim(page):
    open_all(page)
    mark = page.locator("[id^='figure-matrix'] svg a:not([data-claims])").first
    address = mark.get_attribute("href")
    mark.click()
    assert page.url.endswith(address)
    playwright.expect(page.locator(f"tr[id='{address[1:]}']")).to_be_in_viewport()
    assert page.evaluate("document.querySelector('tr:target').id") == address[1:]


def test_an_answer_opens_the_words_of_its_source_below_its_row_and_shuts_them(page):
    cell = page.locator("table.answers tbody td summary").first
    before = page.evaluate("scrollY")
    cell.focus()
    page.keyboard.press("Enter")
    panel = page.locator("table.answers .said .card:visible")
    playwright.expect(panel.first).to_be_in_viewport()
    assert page.evaluate("scrollY") == before
    page.keyboard.press("Enter")
    playwright.expect(panel).to_have_count(0)


def test_a_click_on_what_stands_for_several_claims_shows_just_these(page):
    open_all(page)
    mark = page.locator("[id^='figure-matrix'] svg a[data-claims]").first
    claims = mark.get_attribute("data-claims").split(" ")
    assert mark.locator("title").text_content() == mark.get_attribute("aria-label")
    mark.click()
    rows = page.locator("table.claims tbody tr:visible")
    shown = rows.evaluate_all("rows => rows.map(row => row.id)")
    assert sorted(shown) == sorted(f"claim-{claim}" for claim in claims)


def test_search_finds_all_words_in_any_order_case_and_accent(page):
    search = page.get_by_role("searchbox")
    search.fill("DISC hernïated")
    playwright.expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ of \d+ "))
    shown = count_shown(page)
    assert read_status(page).startswith(f"{shown} of ")
    texts = page.locator("table.claims tbody tr:visible").all_text_contents()
    assert shown > 0
    assert all("herniated" in text.lower() and "disc" in text.lower() for text in texts)
    page.get_by_role("button", name="Show all").click()
    assert count_shown(page) == 25
    assert search.input_value() == ""


def test_either_spelling_is_found_and_what_is_nearly_spelled_is_offered(page):
    search, numbers = page.get_by_role("searchbox"), []
    for word in ("tumour", "tumor"):
        search.fill(word)
        playwright.expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ of "))
        numbers.append(count_shown(page))
    assert numbers[0] == numbers[1] > 0
    search.fill("tumoxr")
    page.get_by_role("button", name="Search for “tumor”").click()
    assert count_shown(page) == numbers[0]


def test_filters_hold_together_and_take_in_what_is_narrower(page):
    choose(page, "Answer", "no")
    choose(page, "Kind of source", "article")
    against = count_shown(page)
    levels = page.locator("table.claims tbody tr:visible td:nth-child(6)").all_text_contents()
    assert set(levels) == {"no"}
    choose(page, "Complaint", "back pain")
    conditions = set(
        page.locator("table.claims tbody tr:visible td:nth-child(3)").all_text_contents()
    )
    assert {"back pain", "acute back pain"} <= conditions
    assert count_shown(page) < against
    assert read_status(page).startswith(f"{count_shown(page)} of ")


def test_the_number_in_a_choice_follows_the_other_fields(page):
    choose(page, "Answer", "no")
    field = page.get_by_role("combobox", name="Aspect", exact=True)
    options = field.locator("option").all_text_contents()[1:6]
    for option in options:
        field.select_option(label=option)
        assert count_shown(page) == int(re.search(r"\((\d+)\)$", option)[1])


def test_what_is_asked_stands_in_the_address_and_outlives_reload_and_back(page):
    choose(page, "Answer", "no")
    page.get_by_role("button", name="Complaint").click()
    shown, first = count_shown(page), page.locator("table.claims tbody tr:visible").first
    assert page.url.endswith("#register?recommendation=no&sort=2")
    identity = first.get_attribute("id")
    page.reload()
    assert count_shown(page) == shown
    assert first.get_attribute("id") == identity
    choose(page, "Kind of source", "article")
    assert count_shown(page) < shown
    page.go_back()
    playwright.expect(page.locator("table.claims tbody tr:visible")).to_have_count(shown)


def test_headings_sort_up_down_and_back(page):
    def read_column(number):
        return page.locator(f"table.claims tbody tr > :nth-child({number})").all_text_contents()

    before = read_column(1)
    head = page.locator("table.claims thead th").nth(2)
    ways, orders = [], []
    for _ in range(3):
        page.get_by_role("button", name="Complaint").click()
        ways.append(head.get_attribute("aria-sort"))
        orders.append(read_column(3))
    assert ways == ["ascending", "descending", "none"]
    assert orders[0] == sorted(orders[0], key=str.casefold)
    assert read_column(1) == before


def test_levels_are_sorted_along_the_scale(page):
    page.get_by_role("button", name="Answer").click()
    cells = page.locator("table.claims tbody tr > :nth-child(6)").all_text_contents()
    assert list(dict.fromkeys(cells)) == ["yes", "yes, if", "unclear", "mostly no", "no"]


def test_a_link_to_a_claim_that_is_filtered_out_shows_it(page):
    page.get_by_role("searchbox").fill("no claim says this")
    playwright.expect(page.get_by_role("status")).to_have_text(re.compile("^0 of "))
    page.locator(".card a[href='#claim-002-066']:visible").first.click()
    playwright.expect(page.locator("tr[id='claim-002-066']")).to_be_in_viewport()
    assert read_status(page).startswith("All ")


def test_the_number_of_a_sources_claims_leads_to_just_these(page):
    open_all(page)
    link = page.locator("table.sources tbody tr", has_text="NICE NG59").locator("a[data-claims]")
    number = int(link.text_content())
    link.click()
    assert count_shown(page) == number
    names = page.locator("table.claims tbody tr:visible td:nth-child(2) a").all_text_contents()
    assert set(names) == {"NICE NG59"}
    playwright.expect(page.get_by_role("button", name="Show all")).to_be_focused()
    playwright.expect(page.get_by_role("status")).to_be_in_viewport()


def test_a_claims_own_address_opens_at_the_claim(visit, report_path):
    page = visit(report_path, fragment="#claim-002-100")
    playwright.expect(page.locator("tr[id='claim-002-100']")).to_be_in_viewport()


def test_the_keyboard_reaches_the_content(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("script", [True, False])
def test_contents_lead_to_every_section_from_anywhere(visit, report_path, script):
    page = visit(report_path, java_script_enabled=script)
    page.mouse.wheel(0, 4000)
    page.get_by_role("button", name="Contents").click()
    names = page.get_by_role("navigation", name="Contents").get_by_role("link")
    assert names.count() == page.locator("h2").count()
    names.last.click()
    playwright.expect(page.locator("h2").last).to_be_in_viewport()


@pytest.mark.parametrize(
    ("viewport", "height"),
    [({"width": 1280, "height": 800}, 16_000), ({"width": 390, "height": 844}, 40_000)],
    ids=["desktop", "phone"],
)
def test_the_answer_is_seen_at_once_and_nothing_is_too_small_or_too_long(
    visit, report_path, viewport, height
):
    page = visit(report_path, viewport=viewport)
    found = page.evaluate(MEASURES)
    assert found["top"] < viewport["height"]
    assert found["words"] <= 90
    assert found["smallest"] >= 11
    assert found["height"] < height
    assert found["stops"] < 400


# words before the first row of the table, the smallest type, what the keyboard stops at
MEASURES = """() => {
  const table = document.querySelector('table.answers');
  const seen = (part) => part.checkVisibility({visibilityProperty: true,
    contentVisibilityAuto: true}) && part.getBoundingClientRect().width > 1;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let words = 0, smallest = 99;
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.textContent.trim();
    if (!text || !seen(node.parentElement)) continue;
    smallest = Math.min(smallest, parseFloat(getComputedStyle(node.parentElement).fontSize));
    const before = table.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING;
    if (before) words += text.split(/\\s+/).length;
  }
  return {
    words, smallest, height: document.documentElement.scrollHeight,
    top: table.querySelector('tbody tr').getBoundingClientRect().bottom,
    stops: [...document.querySelectorAll('a[href], button, summary, input, select, [tabindex="0"]')]
      .filter(seen).length,
  };
}"""


def test_the_report_is_printed_on_thirty_pages(visit, report_path):
    printed = visit(report_path).pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 30


@pytest.mark.parametrize("width", [320, 360, 768, 1300])
def test_no_page_is_wider_than_the_screen(visit, report_path, width):
    page = visit(report_path, viewport={"width": width, "height": 740})
    page.add_style_tag(content=SHOW_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_all_is_readable_and_no_field_is_shown(visit, report_path):
    page = visit(report_path, java_script_enabled=False)
    assert not page.locator(".fields").is_visible()
    assert page.locator("table.claims thead button").count() == 0
    assert page.locator("table.claims tbody tr").first.is_visible()
    page.locator("table.answers tbody td summary").first.click()
    assert page.locator("table.answers .said .card").first.is_visible()
    assert page.locator("table.claims tbody tr[hidden]").count() == 0


def test_on_paper_nothing_is_clipped_and_no_field_is_shown(visit, report_path):
    page = visit(report_path, viewport={"width": 672, "height": 1000}, color_scheme="dark")
    page.emulate_media(media="print")
    for name in ("nav", ".contents", ".fields", "details.code", ".skip"):
        assert not page.locator(name).first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 672
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 32, 37)"


CLIPPED = """() => [...document.querySelectorAll('.table, .picture')]
    .filter(box => box.scrollWidth > box.clientWidth + 1)
    .map(box => box.textContent.slice(0, 80))"""


def test_a_script_in_a_cell_of_the_table_does_not_run(visit, evil_path):
    page = visit(evil_path)
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert page.locator("svg").count() > 1
    assert "<script>alert(1)</script>" in page.locator("table.claims tbody").text_content()
    page.get_by_role("searchbox").fill("<script>")
    playwright.expect(page.get_by_role("status")).to_have_text("All 3 claims shown")
