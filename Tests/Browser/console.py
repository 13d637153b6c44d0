"""The console in headless Chromium, on a running collector. Prints "ok NAME" or "not ok NAME: why" for each case.

Needs in the environment: MUSTER_BASE (the console's address), MUSTER_SOCKET (for sign-in links), MUSTER_WEB_PID (the
process behind the check that is made to fail), MUSTER_PICTURES (where screenshots go), HOSTILE (a text that stands in
names and would run in a page that forgot to escape it).
"""

import collections
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

BASE = os.environ["MUSTER_BASE"]
PICTURES = os.environ["MUSTER_PICTURES"]
HOSTILE = os.environ["HOSTILE"]
# More pages than a bounded test needs hang on lists; so many are visited in each language and width.
LIMIT = 60
failures = 0


def report(name, problem=None):
    global failures
    if problem:
        failures += 1
        print(f"not ok console {name}: {problem}", flush=True)
    else:
        print(f"ok console {name}", flush=True)


def muster(*arguments):
    command = ["muster", *arguments, "--socket", os.environ["MUSTER_SOCKET"]]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def browser(language, width, height):
    options = webdriver.ChromeOptions()
    for argument in [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors", "--hide-scrollbars",
        f"--window-size={width},{height}", f"--lang={language}",
    ]:
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.set_page_load_timeout(30)
    if width < 700:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    return driver


def sign_in(driver, user="admin"):
    driver.get(muster("user", "sign-in-link", user))
    driver.find_element(By.CSS_SELECTOR, "form button").click()
    until(lambda: driver.find_elements(By.CSS_SELECTOR, ".top"), 10)


def until(condition, seconds):
    """The condition's value as soon as it holds; None when it does not in that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            value = condition()
        except (NoSuchElementException, StaleElementReferenceException):
            # The page is on its way to the next one.
            value = None
        if value:
            return value
        time.sleep(0.1)
    return None


def complaints(driver):
    """What the browser's console says against a page, but for answers that a test asked for."""
    return [
        entry["message"][:300]
        for entry in driver.get_log("browser")
        if entry["level"] in ("SEVERE", "WARNING") and "status of 4" not in entry["message"]
    ]


def problems_of(driver, language):
    """What is wrong with the page that is open."""
    found = []
    status = driver.execute_script("return performance.getEntriesByType('navigation')[0].responseStatus")
    if status != 200:
        found.append(f"status {status}")
    wide = driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found.append(f"{wide} px too wide")
    if driver.execute_script("return document.documentElement.lang") != ("en" if language == "en" else "zh-Hans"):
        found.append("another language")
    if driver.execute_script("return typeof hacked !== 'undefined' || document.querySelector('main img') !== null"):
        found.append("a name became markup")
    if driver.execute_script("return document.querySelectorAll('[onmouseover],[onerror],[style]:not(canvas)').length"):
        found.append("an attribute that runs or styles")
    if len(driver.find_elements(By.TAG_NAME, "h1")) != 1:
        found.append("not one heading of the first level")
    unnamed = driver.execute_script("""
        return [...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea, main button, main a')]
            .filter((e) => !(e.textContent.trim() || e.ariaLabel || e.labels?.length || e.title || e.placeholder)).length""")
    if unnamed:
        found.append(f"{unnamed} elements without a name for screen readers")
    if driver.execute_script("return document.documentElement.clientWidth") < 700:
        found += cut_off(driver)
    # A map that is wider than its box scrolls in it and says so, after the lists that say the same in words.
    hidden = driver.execute_script("""
        return [...document.querySelectorAll('.map')].filter((map) => map.scrollWidth > map.clientWidth + 1)
            .filter((map) => !['auto', 'scroll'].includes(getComputedStyle(map).overflowX)
                || getComputedStyle(map.nextElementSibling).display === 'none'
                || map.getBoundingClientRect().right > document.documentElement.clientWidth
                || document.querySelector('.reached, .links, .lines')?.compareDocumentPosition(map) !== 4).length""")
    if hidden:
        found.append("a map is cut off")
    body = driver.find_element(By.TAG_NAME, "body").text
    keys = re.findall(r"\b(?:frame|overview|alarm|alarms|incidents|problem|ci|impact|agents|rules|services|network|map)\.[a-z]+_[a-z_]+\b", body)
    if keys:
        found.append(f"texts without words: {keys[:3]}")
    if "49gpj" in body:
        found.append("a template in a name was filled")
    return found + complaints(driver)


def cut_off(driver):
    """What a phone cannot show whole: cells of a letter's width, choices that are cut, what goes over the edge."""
    found = []
    narrow = driver.execute_script("""
        return [...document.querySelectorAll('td, th')]
            .map((cell) => [cell.getBoundingClientRect().width, cell.textContent.trim().slice(0, 20)])
            .filter(([width]) => width > 0 && width < 60).map(([width, text]) => `${text} (${Math.round(width)} px)`)""")
    if narrow:
        found.append(f"cells too narrow to read: {narrow[:3]}")
    # What scrolls in a box of its own may be wider than the window; its box may not.
    over = driver.execute_script("""
        const edge = document.documentElement.clientWidth + 1;
        return [...document.querySelectorAll('main *, header *')].filter((element) => {
            const place = element.getBoundingClientRect();
            return element.checkVisibility() && place.width > 0 && (place.right > edge || place.left < -1)
                && !element.parentElement.closest('.map, pre') && !element.closest('.visually-hidden, .skip');
        }).map((element) => `${element.tagName} ${element.textContent.trim().slice(0, 20)}`)""")
    if over:
        found.append(f"over the edge of the window: {over[:3]}")
    cut = driver.execute_script("""
        const pen = document.createElement('canvas').getContext('2d');
        return [...document.querySelectorAll('main select')].filter((select) => {
            const style = getComputedStyle(select);
            pen.font = style.font;
            const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
            const text = select.selectedOptions[0]?.textContent.trim() ?? '';
            return select.checkVisibility() && room > 0 && pen.measureText(text).width > room;
        }).map((select) => select.selectedOptions[0].textContent)""")
    if cut:
        found.append(f"choices that are cut: {cut[:3]}")
    return found


def picture_name(path):
    plain = re.sub(r"\d+", "N", path.split("?")[0])
    return re.sub(r"[^A-Za-z]+", "-", plain).strip("-").lower() or "overview"


def links_of(driver):
    # Links of a map are SVG's, whose address is an attribute of its own.
    hrefs = driver.execute_script("""
        const xlink = 'http://www.w3.org/1999/xlink';
        return [...document.querySelectorAll('a')]
            .map((a) => a.getAttribute('href') ?? a.getAttributeNS(xlink, 'href')).filter(Boolean)
            .map((href) => new URL(href, location).href)""")
    for href in hrefs:
        if href.startswith(BASE + "/") and "/sign-" not in href:
            yield urllib.parse.urlsplit(href)._replace(fragment="").geturl()
        elif href and not href.startswith(BASE):
            yield "FOREIGN " + href


def crawl(language, width, height):
    """Visits every kind of page that links lead to, each kind a few times."""
    name = f"pages in {language} at {width} px"
    driver = browser(language, width, height)
    try:
        sign_in(driver)
        queue = collections.deque([BASE + "/"])
        seen = {BASE + "/"}
        kinds = collections.Counter()
        visited, bad, slow = 0, [], 0.0
        while queue and visited < LIMIT:
            address = queue.popleft()
            if address.startswith("FOREIGN "):
                bad.append(f"leads elsewhere: {address[8:100]}")
                continue
            kind = picture_name(address[len(BASE):])
            if kinds[kind] >= 4:
                continue
            kinds[kind] += 1
            visited += 1
            driver.get(address)
            found = problems_of(driver, language)
            # An alarm that only waited is dropped when its condition ends, which may be before its link is followed.
            if kind == "alarms-n":
                found = [problem for problem in found if problem != "status 404"]
            slow = max(slow, driver.execute_script(
                "const n = performance.getEntriesByType('navigation')[0]; return n.responseEnd - n.requestStart"))
            bad += [f"{address[len(BASE):][:80]}: {problem}" for problem in found]
            if kinds[kind] == 1:
                full = driver.execute_script("return document.documentElement.scrollHeight")
                if width >= 700:
                    driver.set_window_size(width, min(max(full + 90, height), 2400))
                    driver.save_screenshot(f"{PICTURES}/{kind}-{language}-{width}.png")
                    driver.set_window_size(width, height)
                else:
                    driver.save_screenshot(f"{PICTURES}/{kind}-{language}-{width}.png")
            for link in links_of(driver):
                if link not in seen:
                    seen.add(link)
                    queue.append(link)
        print(f"{name}: {visited} visited of {len(kinds)} kinds ({', '.join(sorted(kinds))}); slowest answer {slow:.0f} ms")
        report(name, "; ".join(bad[:6]))
    finally:
        driver.quit()


def live_alarm():
    """The web server is stopped; the alarm arrives on an open page by itself and is acknowledged there."""
    driver = browser("en", 390, 844)
    try:
        sign_in(driver, "operator")
        driver.get(BASE + "/alarms")
        rows = lambda: [row for row in driver.find_elements(By.CSS_SELECTOR, ".line") if "shop-front" in row.text]
        before = len(rows())
        os.kill(int(os.environ["MUSTER_WEB_PID"]), signal.SIGTERM)
        begin = time.monotonic()
        if not until(lambda: len(rows()) > before, 20):
            return report("a live alarm arrives", "no row appeared within 20 s")
        report("a live alarm arrives")
        print(f"the alarm stood on the open page {time.monotonic() - begin:.1f} s after the web server was stopped")
        driver.save_screenshot(f"{PICTURES}/alarm-on-a-phone.png")
        button = lambda: next(
            (b for row in rows() for b in row.find_elements(By.CSS_SELECTOR, "form button")), None)
        if not until(button, 5):
            return report("acknowledged on a phone", "the row has no button")
        until(lambda: button().click() or True, 5)
        # The alarm itself is shown next, with who has it now.
        main = lambda: driver.find_element(By.TAG_NAME, "main").text
        said = until(lambda: "acknowledged by operator" in main(), 10)
        report("acknowledged on a phone", None if said else f"nobody is named: {main()[:300]!r}")
        driver.get(BASE + "/")
        if not until(lambda: "Demo shop" in driver.find_element(By.TAG_NAME, "main").text, 20):
            return report("the incident names the shop", "the overview does not name it")
        report("the incident names the shop")
    finally:
        driver.quit()


def buttons_stay(width, height):
    """What a button opens lies below the buttons and moves none of them; Escape closes it."""
    name = f"buttons stay where they are at {width} px"
    driver = browser("en", width, height)
    try:
        sign_in(driver, "operator")
        driver.get(BASE + "/incidents")
        driver.get(driver.find_element(By.CSS_SELECTOR, "main a[href^='/incidents/']").get_attribute("href"))
        places = lambda: driver.execute_script("""
            return [...document.querySelectorAll('.acts summary, .acts > form button')]
                .map((button) => button.getBoundingClientRect()).map((place) => [place.left, place.top + scrollY])""")
        before, bad = places(), []
        acts = driver.find_elements(By.CSS_SELECTOR, ".acts summary")
        if len(acts) < 3:
            return report(name, f"{len(acts)} buttons that open something")
        for act in acts:
            act.click()
            if places() != before:
                bad.append(f"{act.text} moves a button")
            bad += cut_off(driver) if width < 700 else []
        opened = "return document.querySelectorAll('details.act[open]').length"
        if driver.execute_script(opened) != 1:
            bad.append("not one is open")
        driver.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
        if driver.execute_script(opened) != 0:
            bad.append("Escape closes nothing")
        report(name, "; ".join(bad))
    finally:
        driver.quit()


def search():
    driver = browser("en", 1440, 900)
    try:
        sign_in(driver)
        for words, expected in [("Demo shop", "Demo shop"), ("onerror=hacked", "onerror=hacked()"), ("nothing like it", None)]:
            field = driver.find_element(By.CSS_SELECTOR, ".find input")
            field.clear()
            field.send_keys(words)
            field.submit()
            until(lambda: "query=" in driver.current_url, 10)
            text = driver.find_element(By.TAG_NAME, "main").text
            found = problems_of(driver, "en")
            if expected and expected not in text:
                found.append("is not found")
            report(f"search for {words}", "; ".join(found))
    finally:
        driver.quit()


def without_script():
    """The same pages in a browser that runs no scripts."""
    driver = browser("en", 1440, 900)
    try:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        driver.get(muster("user", "sign-in-link", "admin"))
        driver.find_element(By.CSS_SELECTOR, "form button").click()
        bad = []
        for path in ["/", "/alarms", "/incidents", "/discoveries", "/ci", "/map", "/impact", "/services", "/agents", "/rules"]:
            driver.get(BASE + path)
            if not driver.find_elements(By.CSS_SELECTOR, "main h1"):
                bad.append(f"{path} has no heading")
        report("pages without a script", "; ".join(bad))
    finally:
        driver.quit()


def main():
    os.makedirs(PICTURES, exist_ok=True)
    muster("user", "add", "admin", "--role", "admin")
    search()
    without_script()
    live_alarm()
    for width, height in [(1440, 900), (390, 844)]:
        buttons_stay(width, height)
    for language in ["en", "zh-CN"]:
        for width, height in [(1440, 900), (390, 844)]:
            crawl(language, width, height)
    return 1 if failures else 0


sys.exit(main())
