"""An upgrade makes what was shown, or nothing."""

from __future__ import annotations

import asyncio

import atk
import pytest
from conftest import Sources


@pytest.fixture
def two(home: atk.Home, sources: Sources) -> dict[str, str]:
    """Two plugins with a newer version each."""
    urls = {name: sources.tool(name.title(), text="1\n") for name in ("one", "two")}
    for url in urls.values():
        home.add(url, yes=True)
        sources.change(url, text="2\n")
    return urls


def text(home: atk.Home, plugin: str) -> str:
    return (home.path / "plugins" / plugin / "text").read_text()


def test_a_plan_is_carried_out_in_whichever_form_it_is_given(
    home: atk.Home, sources: Sources, two: dict[str, str]
) -> None:
    plan = home.plan_upgrade("one").done["one"]
    # A plan names its own plugin.
    assert list(home.upgrade(plan=plan, yes=True).done) == ["one"]
    assert (text(home, "one"), text(home, "two")) == ("2\n", "1\n")
    for number in (3, 4, 5, 6):
        for url in two.values():
            sources.change(url, text=f"{number}\n")
        report = home.plan_upgrade()
        plans = [*report.done.values()]
        forms: dict[int, atk.Plan | list[atk.Plan]] = {
            3: report,
            4: [one.digest for one in plans],
            5: [plans[0], plans[1].digest],
            6: [line for line in report if isinstance(line, atk.Done)],
        }
        assert home.upgrade(plan=forms[number], yes=True).ok
        assert text(home, "one") == text(home, "two") == f"{number}\n"


@pytest.mark.usefixtures("two")
def test_a_plugin_without_a_plan_is_not_upgraded(home: atk.Home, sources: Sources) -> None:
    empty: atk.Report[atk.UpgradePlan] = atk.Report()
    forms: tuple[atk.Report[atk.UpgradePlan] | list[atk.Plan], ...] = (empty, [])
    for nothing in forms:
        report = home.upgrade(plan=nothing, yes=True)
        assert {type(error) for error in report.failed.values()} == {atk.PlanOutdatedError}
        assert list(report.failed) == ["one", "two"]
    assert text(home, "one") == text(home, "two") == "1\n"


def test_a_plan_that_the_source_outran_is_refused(
    home: atk.Home, sources: Sources, two: dict[str, str]
) -> None:
    plan = home.plan_upgrade("one").done["one"]
    report = home.plan_upgrade()
    sources.change(two["one"], text="not reviewed\n")
    with pytest.raises(atk.PlanOutdatedError) as raised:
        home.upgrade(plan=plan, yes=True)
    assert raised.value.plugin == "one" and raised.value.help
    with pytest.raises(atk.PlanOutdatedError):
        home.upgrade("one", plan=plan.digest, yes=True)

    async def main() -> None:
        there = atk.aio.Home(home.path)
        with pytest.raises(atk.PlanOutdatedError):
            await there.upgrade(plan=plan, yes=True)
        assert text(home, "one") == "1\n"
        # The plan of the other still holds.
        upgraded = await there.upgrade(plan=report, yes=True)
        assert list(upgraded.done) == ["two"]
        assert isinstance(upgraded.failed["one"], atk.PlanOutdatedError)

    asyncio.run(main())
    assert (text(home, "one"), text(home, "two")) == ("1\n", "2\n")


def test_an_upgrade_stops_at_the_commit_that_was_planned(
    home: atk.Home, sources: Sources, two: dict[str, str]
) -> None:
    plan = home.plan_upgrade("one").done["one"]
    sources.change(two["one"], text="3\n")
    assert home.upgrade("one", to=plan.new_pin, plan=plan, yes=True).ok
    assert text(home, "one") == "2\n"
