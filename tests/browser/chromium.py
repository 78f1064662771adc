# SPDX-License-Identifier: MIT
"""Chromium, without a screen, as a person would use it: it sees what is shown,
presses what can be pressed. What it said on its console and whom it asked is
kept, for both are checked after every test. Debian's python3-selenium and
chromium-driver; nothing is fetched, and nobody but the lab is asked."""
import json
import os
import subprocess
import urllib.parse

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from lab import ROOT
from processes import wait_until

DRIVER = "/usr/bin/chromedriver"
PATIENCE_S = 30
ARGUMENTS = (
    "--headless=new", "--disable-gpu", "--no-first-run", "--mute-audio",
    "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--no-proxy-server")
AXE = ("axe-core", "4.10.3",
       "Xm7bpRXnDSX2YE2YFfBk2FnF0ep6tmG7xPh8iHee8MIcrgq762Nkce856dYtJYLkuIoYZv"
       "GfTs/PbZhideTcEg==")
RUN_AXE = "const done = arguments[0]; axe.run(document).then(found => done(" \
    "found.violations.map(one => [one.id, one.help, " \
    "one.nodes.map(node => node.html + ' ' + node.failureSummary)])))"


def options():
    made = webdriver.ChromeOptions()
    for argument in ARGUMENTS:
        made.add_argument(argument)
    if os.geteuid() == 0:
        made.add_argument("--no-sandbox")  # chromium refuses root without
    made.set_capability("goog:loggingPrefs",
                        {"browser": "ALL", "performance": "ALL"})
    return made


class Chromium:
    def __init__(self):
        self.driver = webdriver.Chrome(service=Service(DRIVER),
                                       options=options())
        self.urls = []
        self.look()

    def close(self):
        self.driver.quit()

    # ---- how it is looked at

    def cdp(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def look(self, width=1600, height=1000, scheme="light"):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=False)
        self.cdp("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def open(self, url):
        self.driver.get(url)

    # ---- what it sees

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return wait_until(lambda: self.all(selector), PATIENCE_S, selector,
                          0.05)[0]

    def js(self, script, *arguments):
        return self.driver.execute_script(f"return {script}", *arguments)

    def text(self, selector):
        """All of it, and at one moment: lists change while one reads."""
        return self.js("[...document.querySelectorAll(arguments[0])].map("
                       "one => one.checkVisibility() ? one.innerText : '')"
                       ".join('\\n')", selector)

    def attribute(self, selector, name):
        return self.js("document.querySelector(arguments[0])"
                       "?.getAttribute(arguments[1])", selector, name)

    def until_says(self, selector, words, seconds=PATIENCE_S):
        return wait_until(
            lambda: words in self.text(selector) and self.text(selector),
            seconds, lambda: f"{words!r} in {selector}: "
            f"{self.text(selector)!r}", 0.05)

    def until(self, script, what, seconds=PATIENCE_S):
        return wait_until(lambda: self.js(script), seconds, what, 0.05)

    # ---- what it does

    def press(self, selector):
        self.js("arguments[0].scrollIntoView({block: 'center'})",
                self.one(selector))
        self.one(selector).click()

    def type(self, selector, text):
        self.one(selector).clear()
        self.one(selector).send_keys(text)

    def keys(self, *keys):
        """To whatever has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, selector, at_most=150):
        """By the tab key alone; how many presses it took."""
        for presses in range(1, at_most + 1):
            self.keys(Keys.TAB)
            if self.js("document.activeElement.matches(arguments[0])",
                       selector):
                return presses
        raise AssertionError(f"{selector} is not reached by {at_most} tabs")

    # ---- what it said, and whom it asked

    def errors(self):
        """Of the console since the last call: worse than information."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING")]

    def asked(self):
        """URLs of all requests since the last call."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found

    def foreign(self, port):
        """Those that went anywhere but to the lab."""
        return [url for url in self.asked() if not url.startswith("data:") and
                urllib.parse.urlsplit(url).netloc != f"127.0.0.1:{port}"]

    # ---- checks

    def axe(self):
        """axe-core's violations, as text; none is []."""
        with open(f"{axe_directory()}/axe.min.js", encoding="utf-8") as file:
            self.driver.execute_script(file.read())
        return self.driver.execute_async_script(RUN_AXE)

    def whole_page(self, width):
        """Makes the window as high as the page is."""
        height = self.js("document.documentElement.scrollHeight")
        self.cdp("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=False)

    def screenshot(self, name):
        directory = f"{ROOT}/build/screenshots"
        os.makedirs(directory, exist_ok=True)
        self.driver.save_screenshot(f"{directory}/{name}.png")


def axe_directory():
    done = subprocess.run([f"{ROOT}/tests/npm-package", *AXE], check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
