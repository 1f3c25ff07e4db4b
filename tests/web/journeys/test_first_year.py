"""The first year of a county on the platform, from the first administrator to a document with a code that can be checked."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.web.journeys import look, schools
from tests.web.journeys.hands import Keyboard, Mouse
from tests.web.journeys.installation import Installation
from tests.web.journeys.person import PATIENCE, Person, Way
from tests.web.returns.reporting import ROOMS

pytestmark = [pytest.mark.browser, pytest.mark.slow(seconds=180)]

WAYS = [Way(Keyboard(), look.DESK, "light", "zh-hans"), Way(Mouse(), look.PHONE, "dark", "en")]
PASSWORD = "Lantern-River-{}-27"
PEOPLE = {
    "office": (schools.COUNTY, "county_office"),
    "typist": (schools.TYPING, "reporter"),
    "head1": (schools.TYPING, "principal"),
    "sender": (schools.SENDING, "reporter"),
    "head2": (schools.SENDING, "principal"),
    "town": (schools.TOWNSHIP, "township"),
}


@dataclass
class Year:
    """The people of the county, each at their own browser."""

    engine: Browser
    installation: Installation
    folder: Path
    way: Way
    people: dict[str, Person] = field(default_factory=dict)
    looked_at: set[str] = field(default_factory=set)

    def person(self, name: str) -> Person:
        """Somebody, at a browser of their own."""
        if name not in self.people:
            address = self.installation.address
            self.people[name] = Person.at(self.engine, address, self.way, name, self.looked_at)
        return self.people[name]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_first_year_when_everybody_does_their_part_then_ends_with_a_document_that_proves_itself(
    engine: Browser, empty: Installation, tmp_path: Path, way: Way
) -> None:
    empty.manage("migrate")
    year = Year(engine, empty, tmp_path, way)
    links = {role: first_link(empty, role) for role in ("system_admin", "security_admin")}
    empty.start()
    for role, link in links.items():
        year.person(role).accept(link, PASSWORD.format(role))
    build_tree(year.person("system_admin"))
    import_roster(year.person("system_admin"), schools.roster(tmp_path))
    invitations = {login: invite(year.person("system_admin"), login, *PEOPLE[login]) for login in PEOPLE}
    allow_roles(year.person("security_admin"))
    for login, link in invitations.items():
        year.person(login).accept(link, PASSWORD.format(login))
    open_round(year.person("office"))
    type_in(year.person("typist"))
    submit(year.person("typist"))
    send_workbooks(year.person("sender"), tmp_path)
    submit(year.person("sender"))
    for reviewer in ("head1", "head2", "town"):
        approve(year.person(reviewer))
    send_cell_back(year.person("office"))
    correct_cell(year.person("typist"))
    submit(year.person("typist"))
    approve(year.person("head1"))
    approve_all(year.person("office"))
    judge(year.person("office"))
    code = make_document(year.person("office"))
    check_code(year.person("visitor"), code)

    assert [line for person in year.people.values() for line in person.leave()] == []


def first_link(installation: Installation, role: str) -> str:
    """The link that the command prints for an administrator."""
    place = (
        ["--kind", "county", "--name", schools.COUNTY, "--code", schools.COUNTY_CODE]
        if role == "system_admin"
        else ["--organisation", schools.COUNTY_CODE]
    )
    who = ["--role", role, "--login", role.replace("_", "-"), "--person", f"示例{role[:3]}"]
    printed = installation.manage("create_administrator", *who, *place, "--address", installation.address)
    return printed.strip().splitlines()[-1]


def build_tree(admin: Person) -> None:
    """A township below the county."""
    admin.go("/organisations/")
    admin.look("tree")
    admin.press("a", schools.COUNTY)
    admin.press("a[href$='/create/']")
    admin.choose("[name=kind]", "township")
    admin.write("[name=name]", schools.TOWNSHIP)
    admin.write("[name=code]", f"{schools.COUNTY_CODE}100")
    admin.look("new-township")
    admin.press("form button.btn-primary")
    admin.wait("h1", schools.TOWNSHIP)


def import_roster(admin: Person, file: str) -> None:
    """The schools, from a workbook."""
    admin.go("/organisations/import/")
    admin.pick_file("[name=file]", file)
    admin.look("roster")
    admin.press("form button.btn-primary")
    admin.wait("td", schools.CODES[schools.TYPING])
    admin.look("roster-preview")
    admin.press("form button.btn-primary")
    admin.wait("a", schools.TYPING)
    admin.look("county-with-schools")


def invite(admin: Person, login: str, place: str, role: str) -> str:
    """The link for a person who is to have a role."""
    admin.go("/accounts/people/")
    admin.press("a[href$='/people/invite/']")
    admin.press("tbody a", place)
    admin.write("[name=name]", f"示例{login}")
    admin.write("[name=login]", login)
    admin.choose("[name=role]", role)
    admin.look(f"invite-{login}")
    admin.press("form button.btn-primary")
    return str(admin.wait("#secret").input_value())


def allow_roles(security: Person) -> None:
    """All roles that were asked for."""
    security.go("/accounts/requests/")
    security.hands.tick(security.one("[data-check-all]"))
    security.look("roles")
    security.press("button[value=approve]")
    security.wait(".alert-success")


def open_round(office: Person) -> None:
    """The round of the year."""
    office.go("/returns/rounds/")
    office.look("rounds")
    office.press("a[href$='/rounds/open/']")
    office.write("[name=year]", str(schools.YEAR))
    office.write("[name=due_on]", (date.today() + timedelta(days=20)).isoformat())  # noqa: DTZ011 - as people do
    office.look("open-round")
    office.press("form button.btn-primary")
    office.wait("a", schools.TYPING)
    office.look("round")


def type_in(reporter: Person) -> None:
    """A whole return, cell by cell; each is saved as it is left."""
    reporter.go("/returns/mine/")
    reporter.look("mine")
    reporter.press("a.btn-primary")
    reporter.wait("#sheet")
    fill_row(reporter, "schools", schools.TYPED)
    reporter.look("sheet")
    add_row(reporter, "stages", schools.TYPED_STAGE)
    for grade, name, size in schools.CLASSES:
        add_row(reporter, "classes", {"stage": "小学", "grade": grade, "class_name": name, "student_count": size})
    for name, purpose, area in ROOMS:
        add_row(reporter, "rooms", {"room_name": name, "purpose": purpose, "area": area})
    reporter.look("sheet-full")


def add_row(reporter: Person, table: str, texts: dict[str, str]) -> None:
    """One more row of a table, and its cells."""
    rows = reporter.page.locator(f"[data-row-table={table}]")
    before = rows.count()
    reporter.press(f"button[name=table][value={table}]")
    expect(rows).to_have_count(before + 1, timeout=PATIENCE)
    fill_row(reporter, table, texts)


def fill_row(reporter: Person, table: str, texts: dict[str, str]) -> None:
    """The cells of the last row of a table, but for those that the roster gave."""
    reporter.page.wait_for_load_state("load")
    row = reporter.page.locator(f"[data-row-table={table}]").last
    number = row.get_attribute("data-row")
    cells = row.locator("[name^='c-']").evaluate_all("all => all.map(cell => [cell.name, cell.tagName, cell.value])")
    for name, kind, value in cells:
        text = texts.get(name[len(f"c-{table}-{number}-") :], "")
        if text and text != value and kind == "SELECT":
            reporter.choose(f"[name={name}]", text)
        elif text and text != value:
            reporter.write(f"[name={name}]", text)
    reporter.wait_until_saved()


def submit(reporter: Person) -> None:
    """Gives a reason for what looks odd and sends the return on its way; nothing is left to correct."""
    reporter.go("/returns/mine/")
    reporter.press("a[href$='/submit/']")
    reporter.wait("form.card button.btn-primary")
    if reporter.page.locator("#findings .jh-reason").count():
        reporter.look("warning")
        reporter.write("#findings .jh-reason", "校舍改造,两个年级合班上课")
        reporter.press("#findings form button")
        reporter.wait(".alert-success")
    assert reporter.page.locator("#findings").count() == 0, reporter.page.locator("#findings").inner_text()
    reporter.look("submit")
    reporter.agree("form button.btn-primary")
    reporter.wait(".alert-success")


def send_workbooks(reporter: Person, folder: Path) -> None:
    """First a workbook with more teachers than staff, then a corrected one."""
    send_workbook(reporter, schools.workbook(folder, is_wrong=True))
    reporter.press("a[href$='/submit/']")
    told = reporter.wait("#findings .list-group-item[data-level=error]")
    assert schools.WRONG_TEACHERS in told.inner_text()
    reporter.look("mistake")
    send_workbook(reporter, schools.workbook(folder, is_wrong=False))


def send_workbook(reporter: Person, file: str) -> None:
    """Uploads, looks at what would change, and takes it over."""
    reporter.go("/returns/mine/")
    reporter.press("a[href$='/upload/']")
    reporter.pick_file("[name=file]", file)
    reporter.look("upload")
    reporter.press("form button.btn-primary")
    reporter.wait("form[action$='/apply/']")
    reporter.look("upload-preview")
    reporter.press("form[action$='/apply/'] button")
    reporter.wait("#sheet")


def approve(head: Person) -> None:
    """Looks at the return that waits, and lets it pass."""
    head.go("/returns/review/")
    head.look("waiting")
    head.press("td a[href$='/review/']")
    head.wait("#approve")
    head.look("review")
    head.agree("#approve button")
    head.wait(".alert-success")


def send_cell_back(office: Person) -> None:
    """One number is doubted: the whole return goes back with a word at its cell."""
    office.go("/returns/review/")
    office.press("td a[href$='/review/']", schools.TYPING)
    cell = "tr[id^='at-schools-'][id$='-book_count']"
    office.press(f"{cell} .rv-return summary")
    office.write(f"{cell} .rv-return input", "与图书系统的册数不一致")
    office.look("send-back")
    office.press("#send-back button")
    office.wait(".alert-success")


def correct_cell(reporter: Person) -> None:
    """From the word at the cell to the cell."""
    reporter.go("/returns/mine/")
    reporter.look("sent-back")
    reporter.press("a[href*='#remark-']")
    reporter.wait("#sheet .jh-remark", "与图书系统的册数不一致")
    fill_row(reporter, "schools", {"book_count": "4300"})
    reporter.until("() => document.querySelector('[name$=-book_count][name^=w-]').value.includes('3')")
    reporter.look("corrected")


def approve_all(office: Person) -> None:
    """Everything that waits, at once."""
    office.go("/returns/review/")
    office.hands.tick(office.one("[data-check-all]"))
    office.look("approve-all")
    office.agree("form button.btn-primary")
    office.page.wait_for_url(lambda url: url.endswith("/approve/"))
    office.look("approved")
    office.go("/returns/progress/")
    office.look("progress")


def judge(office: Person) -> None:
    """A run, its dashboard, and why a number is what it is."""
    office.go("/runs/")
    office.press("a[href*='/runs/start/']")
    office.choose("[name=year]", str(schools.YEAR))
    office.look("start")
    office.press("#start-form button.btn-primary")
    office.wait(".jh-verdict")
    office.look("dashboard")
    # nobody has filled in the county's own facts, so the verdict is a trial that cannot be published
    assert office.page.locator("form[action$='/publish/']").count() == 0
    fold = office.page.locator("details.jh-fold:has(#schools) > summary")
    if fold.is_visible():  # on a phone
        office.press(fold)
    office.press("#schools td a[href*='/explain/']")
    office.wait(".jh-tree")
    office.look("explain")


def make_document(office: Person) -> str:
    """A list of gaps, made in the background and taken home; gives the code of its run."""
    office.go("/documents/")
    for kind in ("forms", "report", "school_plans", "verdict"):
        office.hands.tick(office.one(f"[name=kinds][value={kind}]"), on=False)
    office.look("documents")
    office.press("form[action$='/make/'] button")
    office.page.wait_for_url("**/jobs/*/")
    office.wait("[id^=job-] a.btn-primary")
    office.look("job-done")
    office.press("[id^=job-] a.btn-primary")
    link = office.wait("table a[href^='/documents/']")
    office.look("documents-made")
    with office.page.expect_download() as taken:
        office.press(link)
    assert Path(taken.value.path()).stat().st_size > 1000
    return office.one(".jh-lead .jh-code").inner_text().strip()


def check_code(visitor: Person, code: str) -> None:
    """Anybody can see that the code belongs to the county's run."""
    visitor.open("/documents/verify/")
    visitor.write("[name=code]", code)
    visitor.press("form[method=get] button.btn-primary")
    assert schools.COUNTY in visitor.wait(".jh-verdict-met").inner_text()
    visitor.look("verified")
