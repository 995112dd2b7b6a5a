#!/usr/bin/env python3
"""Loads each page of a running portal, and says how long the portal took: `load.py URL EMAIL PASSWORD SECONDS NAME=PATH…`.

Times come from the portal's own histogram (/metrics), from a request to the head of its answer, so the load generator's
share of the machine is in them only as far as it slows the portal down. The first page is what the others are compared
with, in the same run: machines differ, ratios less.
"""

import http.client
import re
import subprocess
import sys
from urllib.parse import urlencode, urlsplit

CONCURRENCY = 8


def ask(url, method, path, headers=None, body=None):
    at = urlsplit(url)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=60)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def sign_in(url, email, password):
    _, page = ask(url, "GET", "/sign-in", {"Accept": "text/html"})
    action = re.search(r'action="(/api/sign_in\d*)"', page).group(1)
    form = urlencode({"email": email, "password": password, "next": "/"})
    headers = {
        "Accept": "text/html",
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": url,
        "Referer": f"{url}/sign-in",
    }
    answer, text = ask(url, "POST", action, headers, form)
    cookie = answer.getheader("Set-Cookie")
    if cookie is None:
        sys.exit(f"could not sign in: {answer.status} {text[:200]}")
    return cookie.split(";")[0]


def buckets(url):
    """Requests answered so far within each bucket's upper end, over all routes but this one."""
    counts = {}
    _, text = ask(url, "GET", "/metrics")
    for labels, count in re.findall(r"http_request_duration_seconds_bucket\{(.*?)\} (\d+)", text):
        if 'route="/metrics"' not in labels:
            end = float(re.search(r'le="(.*?)"', labels).group(1).replace("+Inf", "inf"))
            counts[end] = counts.get(end, 0) + int(count)
    return counts


def quantile(counts, share):
    """The time within which this share of the requests was answered, in milliseconds, by the line between bucket ends."""
    ends = sorted(counts)
    wanted, below, start = share * counts[ends[-1]], 0, 0.0
    for end in ends:
        if counts[end] >= wanted:
            if end == float("inf"):
                return float("inf")
            return 1000 * (start + (end - start) * (wanted - below) / max(counts[end] - below, 1))
        below, start = counts[end], end
    return float("nan")


def load(url, cookie, path, seconds):
    headers = {"Cookie": cookie, "Accept": "text/html"}
    for _ in range(5):
        answer, text = ask(url, "GET", path, headers)
        if answer.status != 200:
            sys.exit(f"{path} answers {answer.status}")
    before = buckets(url)
    command = ["wrk", "-t1", f"-c{CONCURRENCY}", f"-d{seconds}s", "-H", f"Cookie: {cookie}", "-H", "Accept: text/html", url + path]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    if "Non-2xx" in said:
        sys.exit(f"{path}: {said}")
    after = buckets(url)
    counts = {end: after[end] - before.get(end, 0) for end in after}
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", said).group(1))
    return len(text), rate, quantile(counts, 0.5), quantile(counts, 0.99)


def main():
    url, email, password, seconds, *pages = sys.argv[1:]
    cookie = sign_in(url, email, password)
    print(f"{'page':<34}{'kB':>7}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'of the first rate':>20}")
    first, slow = None, []
    for page in pages:
        name, path = page.split("=", 1)
        size, rate, median, worst = load(url, cookie, path, int(seconds))
        first = first or rate
        print(f"{name:<34}{size / 1000:>7.0f}{rate:>12.0f}{median:>9.1f}{worst:>9.1f}{f'1/{first / rate:.0f}':>20}", flush=True)
        if worst > 25:
            slow.append(name)
    print(f"\nOver 25 ms at p99: {', '.join(slow) or 'none'}")


main()
