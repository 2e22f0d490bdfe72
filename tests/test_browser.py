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


def choose(page, label, start):
    """Choose in a field the option that begins with a text."""
    field = page.get_by_role("combobox", name=label, exact=True)
    field.select_option(
        label=field.locator("option", has_text=re.compile(rf"^{start} \(")).text_content()
    )


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
    mark = page.locator("[id^='figure-matrix'] svg a").first
    address = mark.get_attribute("href")
    mark.click()
    assert page.url.endswith(address)
    row = page.locator(f"tr[id='{address[1:]}']")
    playwright.expect(row).to_be_in_viewport()
    assert page.evaluate("document.querySelector('tr:target').id") == address[1:]


def test_a_mark_says_what_it_leads_to(page):
    mark = page.locator("[id^='figure-matrix'] svg a").first
    row = page.locator(f"tr[id='{mark.get_attribute('href')[1:]}']")
    source, level = row.locator("td a").first.text_content(), row.locator("td").nth(4).inner_text()
    said = mark.get_attribute("aria-label")
    assert said.startswith(f"{source}: ")
    assert said.endswith(f"({level})")
    assert mark.locator("title").text_content() == said


def test_search_finds_all_words_in_any_order_case_and_accent(page):
    total = count_shown(page)
    search = page.get_by_role("searchbox")
    search.fill("DISC hernïated")
    playwright.expect(page.get_by_role("status")).to_have_text(re.compile(rf"^\d+ of {total} "))
    shown = count_shown(page)
    assert read_status(page) == f"{shown} of {total} claims shown"
    texts = page.locator("table.claims tbody tr:visible").all_text_contents()
    assert 0 < shown < total
    assert all("herniated" in text.lower() and "disc" in text.lower() for text in texts)
    page.get_by_role("button", name="Show all").click()
    assert count_shown(page) == total
    assert search.input_value() == ""


def test_filters_hold_together_and_take_in_what_is_narrower(page):
    choose(page, "Level", "against")
    choose(page, "Kind of source", "article")
    against = count_shown(page)
    levels = page.locator("table.claims tbody tr:visible td:nth-child(6)").all_text_contents()
    assert {level.split(maxsplit=1)[1] for level in levels} == {"against"}
    choose(page, "Condition", "back pain")
    conditions = set(
        page.locator("table.claims tbody tr:visible td:nth-child(3)").all_text_contents()
    )
    assert {"back pain", "acute back pain"} <= conditions
    assert count_shown(page) < against
    assert read_status(page).startswith(f"{count_shown(page)} of ")


def test_a_number_in_a_choice_is_the_number_of_claims_it_shows(page):
    field = page.get_by_role("combobox", name="Aspect", exact=True)
    options = field.locator("option").all_text_contents()[1:6]
    assert len(options) == 5
    for option in options:
        field.select_option(label=option)
        assert count_shown(page) == int(re.search(r"\((\d+)\)$", option)[1])


def test_headings_sort_up_down_and_back(page):
    def read_column(number):
        return page.locator(f"table.claims tbody tr > :nth-child({number})").all_text_contents()

    before = read_column(1)
    head = page.locator("table.claims thead th").nth(2)
    ways, orders = [], []
    for _ in range(3):
        page.get_by_role("button", name="Condition").click()
        ways.append(head.get_attribute("aria-sort"))
        orders.append(read_column(3))
    assert ways == ["ascending", "descending", "none"]
    assert orders[0] == sorted(orders[0], key=str.casefold)
    assert orders[1] == orders[0][::-1]
    assert read_column(1) == before


def test_levels_are_sorted_along_the_scale(page):
    page.get_by_role("button", name="Level").click()
    cells = page.locator("table.claims tbody tr > :nth-child(6)").all_text_contents()
    levels = dict.fromkeys(cell.split(maxsplit=1)[1] for cell in cells)
    assert list(levels) == [
        "for",
        "conditional for",
        "uncertain",
        "conditional against",
        "against",
    ]


def test_a_link_to_a_claim_that_is_filtered_out_shows_it(page):
    address = page.locator("[id^='figure-matrix'] svg a").first.get_attribute("href")
    page.get_by_role("searchbox").fill("no claim says this")
    playwright.expect(page.get_by_role("status")).to_have_text(re.compile("^0 of "))
    page.evaluate("address => { location.hash = address }", address)
    playwright.expect(page.locator(f"tr[id='{address[1:]}']")).to_be_in_viewport()
    assert read_status(page).startswith("All ")


def test_the_number_of_a_sources_claims_leads_to_just_these(page):
    link = page.locator("table.sources tbody tr", has_text="NICE NG59").locator("a[data-claims]")
    number = int(link.text_content())
    link.click()
    assert count_shown(page) == number
    names = page.locator("table.claims tbody tr:visible td:nth-child(2) a").all_text_contents()
    assert set(names) == {"NICE NG59"}
    playwright.expect(page.get_by_role("button", name="Show all")).to_be_focused()
    page.mouse.wheel(0, -5000)
    page.locator("table.sources tbody tr", has_text="KNGF 2021").locator("a[data-claims]").click()
    assert "KNGF 2021" in page.locator("table.claims tbody tr:visible").first.text_content()
    playwright.expect(page.get_by_role("status")).to_be_in_viewport()


def test_a_claims_own_address_opens_at_the_claim(visit, report_path):
    page = visit(report_path, fragment="#claim-002-100")
    playwright.expect(page.locator("tr[id='claim-002-100']")).to_be_in_viewport()


def test_the_keyboard_reaches_the_content_and_gets_past_a_figure(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    skip = page.locator("[id^='figure-matrix'] .skip").first
    skip.focus()
    playwright.expect(skip).to_be_in_viewport()


def test_contents_lead_to_every_section(page):
    names = page.get_by_role("navigation", name="Contents").get_by_role("link")
    assert names.all_text_contents() == page.locator("h2").all_inner_texts()
    names.last.click()
    playwright.expect(page.locator("h2").last).to_be_in_viewport()


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
    assert page.locator("table.claims tbody tr[hidden]").count() == 0


def test_on_paper_nothing_is_clipped_and_no_field_is_shown(visit, report_path):
    page = visit(report_path, viewport={"width": 672, "height": 1000}, color_scheme="dark")
    page.emulate_media(media="print")
    for name in ("nav", ".fields", "details.code", ".skip"):
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
