"""From a low score to the number it is to move, and back, in a real browser: every station is followed by its link."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Company, rest, said, stored

SECONDS = 30_000


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_test_id("stMain").get_by_role("link", name=name).first.click()
    page.wait_for_timeout(800)
    rest(page)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.keyboard.type(option)
    page.get_by_role("option", name=option, exact=True).click()


def test_a_low_score_leads_to_its_case_project_control_chart_and_kpi_and_back(browser: Browser, company: Company) -> None:
    address = company.address
    page = browser.new_page(viewport={"width": 1440, "height": 1300})
    page.goto(f"{address}/service?step=feedback")
    rest(page)
    for _ in range(4):  # a table that a busy machine draws anew takes no click meanwhile
        inbox = page.get_by_test_id("stDataFrame").first
        inbox.scroll_into_view_if_needed()
        inbox.click(position={"x": 18, "y": 36 + 17})
        rest(page)
        if page.get_by_label("Case", exact=True).count():
            break
    page.get_by_label("Case", exact=True).fill("The courier did not ring")
    page.get_by_role("button", name="Open a case").click()
    expect(page.get_by_text(re.compile("The courier did not ring · open"))).to_be_visible(timeout=SECONDS)
    rest(page)
    case = stored(company, "follow_up", title="The courier did not ring")[0]
    assert case.reference, "the case knows the answer it came from"

    # a corrective case is raised from it, with the project that cures it and the number that is to show it
    page.get_by_role("button", name="The failure behind it").click()
    page.get_by_label("What fails", exact=True).fill("Couriers do not ring")
    page.get_by_label("What fails", exact=True).press("Tab")
    rest(page)
    choose(page, "Cured by the project", "Half the time of a complaint")
    rest(page)
    choose(page, "Shown by the KPI", "Satisfaction (CSAT)")
    rest(page)
    page.get_by_role("button", name="Raise it").click()
    expect(page.get_by_role("link", name="Corrective case: Couriers do not ring")).to_be_visible(timeout=SECONDS)
    rest(page)
    raised = stored(company, "capa", title="Couriers do not ring")[0]
    project = stored(company, "project", id=raised.project_id)[0]
    assert stored(company, "follow_up", id=case.id)[0].capa_id == raised.id
    assert (raised.status, raised.source, raised.reference, raised.kpi, project.name) == ("raised", "complaint", case.reference, "csat", "Half the time of a complaint")

    # there: case, project, its KPI
    follow(page, "Corrective case: Couriers do not ring")
    assert "Couriers do not ring" in page.get_by_role("combobox", name=re.compile("^Case, the most urgent")).input_value()
    follow(page, "Project: Half the time of a complaint")
    assert page.get_by_role("combobox", name="Project", exact=True).input_value().startswith("Half the time of a complaint")
    follow(page, "Lead time")
    assert "kpi=lead_time" in page.url
    expect(page.get_by_text("Meant to move it:")).to_be_visible(timeout=SECONDS)

    # and back: the project, its case, the low score, by whose links one comes to the control chart and the KPI
    follow(page, "Project: Half the time of a complaint")
    follow(page, "Corrective case: Couriers do not ring")
    follow(page, "Low score: The courier did not ring")
    expect(page.get_by_text(re.compile("The courier did not ring · open"))).to_be_visible(timeout=SECONDS)
    follow(page, "Corrective case: Couriers do not ring")
    follow(page, "Control chart: Satisfaction (CSAT)")
    assert re.search(r"Satisfaction \(CSAT\): \d+ of \d+ weeks signal|Satisfaction \(CSAT\) is steady", said(page))
    follow(page, "Corrective case: Couriers do not ring")
    assert "Couriers do not ring" in page.get_by_role("combobox", name=re.compile("^Case, the most urgent")).input_value()

    # a touchpoint leads to the journey it is met in and to the team that owns it
    delivered = stored(company, "follow_up", title="Box in the rain")[0]
    assert delivered.touchpoint == "Delivery"
    page.goto(f"{address}/service?step=feedback&followup={delivered.id}")
    rest(page)
    follow(page, re.compile("^Journey: .*Wait for the delivery"))
    step = stored(company, "journey_step", name="Wait for the delivery")[0]
    assert stored(company, "touchpoint", id=step.touchpoint_id)[0].owners == ["Logistics desk"]
    assert page.get_by_role("textbox", name="Step", exact=True).input_value() == "Wait for the delivery"
    follow(page, "Owner: Logistics desk")
    assert "Logistics desk" in page.get_by_role("combobox", name="Team", exact=True).input_value()
    assert page.get_by_test_id("stException").count() == 0
    page.close()
