"""A slow line, made so that a test decides when each answer comes."""

from playwright.sync_api import Page

HOLD = """() => {
    const ask = window.fetch;
    window.sent = 0; // how often the site was asked
    window.held = [];
    window.fetch = async (...asked) => {
        window.sent += 1;
        const answer = await ask(...asked);
        await new Promise((arrive) => window.held.push(arrive));
        return answer;
    };
}"""

WAIT = """async () => {
    for (let turns = 0; !held.length; turns += 1) {
        if (turns > 500) throw new Error("nothing is on its way");
        await new Promise((soon) => setTimeout(soon, 20));
    }
}"""


class SlowLine:
    """From now on the site answers what the page's scripts ask it, and each answer waits on its way."""

    def __init__(self, page: Page):
        self.page = page
        page.evaluate(HOLD)

    def wait(self) -> None:
        """Until an answer stands on its way."""
        self.page.evaluate(WAIT)

    def deliver(self) -> None:
        """Let the next answer arrive."""
        self.wait()
        self.page.evaluate("held.shift()()")

    @property
    def sent(self) -> int:
        """How often the site was asked."""
        return self.page.evaluate("sent")
