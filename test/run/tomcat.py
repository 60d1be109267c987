#!/usr/bin/env python3
"""Tomcat, as Debian packages it (tomcat10), on Coracle and on java: what it answers must be equal. Then it is frozen when its
applications are deployed and it is about to listen, and thawed twice: it must answer the same.

bench/bench.py measures how long each takes to the first answer."""
import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORK = os.path.join(ROOT, "build", "test", "tomcat")
HOME = "/usr/share/tomcat10"
FREEZE_AT = "org.apache.tomcat.util.net.NioEndpoint.bind"
PAGES = ["/plain.txt", "/count.jsp?name=one&name=two", "/no/such/page", "/count.jsp", "/docs/"]

SERVER = """<?xml version="1.0" encoding="UTF-8"?>
<Server port="-1">
  <Service name="Catalina">
    <Connector port="%d" address="127.0.0.1" bindOnInit="false"/>
    <Engine name="Catalina" defaultHost="localhost">
      <Host name="localhost" appBase="webapps" autoDeploy="false"/>
    </Engine>
  </Service>
</Server>
"""
LOGGING = "handlers = java.util.logging.ConsoleHandler\n"
PAGE = """<%@ page contentType="text/plain" %><%! static int count; %>
<% for (String name : request.getParameterMap().keySet()) { %>parameter <%= name %>: ${paramValues.name[1]}
<% } %>counted: ${1 + 1} <%= java.util.stream.IntStream.range(0, 10).sum() %>
"""


def is_there():
    return os.path.exists(HOME + "/bin/bootstrap.jar")


def prepare(folder, port):
    """An empty base folder with one application."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("conf", "logs", "temp", "work", "webapps/ROOT/WEB-INF"):
        os.makedirs(os.path.join(folder, name))
    shutil.copy("/etc/tomcat10/web.xml", os.path.join(folder, "conf"))
    for name, text in (("conf/server.xml", SERVER % port), ("conf/logging.properties", LOGGING),
                       ("webapps/ROOT/plain.txt", "A page that is there.\n"), ("webapps/ROOT/count.jsp", PAGE)):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)


def words(folder):
    return ["-cp", HOME + "/bin/bootstrap.jar:" + HOME + "/bin/tomcat-juli.jar", "-Dcatalina.home=" + HOME, "-Dcatalina.base=" + folder,
            "-Djava.io.tmpdir=" + folder + "/temp", "-Djava.util.logging.config.file=" + folder + "/conf/logging.properties",
            "-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager", "org.apache.catalina.startup.Bootstrap", "start"]


def free_port():
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return made.getsockname()[1]


def ask(port, page):
    """Status, kind and body; None: nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", page)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read()
    except ConnectionRefusedError:
        return None
    finally:
        connection.close()


@contextlib.contextmanager
def served(command, port, log):
    """Starts the command; gives the seconds to its first answer. It is ended as an operator would."""
    begin = time.monotonic()
    with open(log, "w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        while ask(port, PAGES[0]) is None:
            if process.poll() is not None or time.monotonic() - begin > 300:
                raise RuntimeError("%s does not serve; see %s" % (" ".join(command[:2]), log))
            time.sleep(0.001)
        yield time.monotonic() - begin
    finally:
        process.send_signal(signal.SIGTERM)
        if process.wait(timeout=60) != 143 and sys.exc_info()[0] is None:
            raise RuntimeError("%s ends with status %d; see %s" % (" ".join(command[:2]), process.returncode, log))


def freeze(coracle, folder, image):
    subprocess.run([coracle, "freeze", "-o", image, "--at", FREEZE_AT, "--"] + words(folder), check=True, timeout=300,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    if not is_there():
        print("tomcat: skipped: it is not installed (package tomcat10)")
        return 0
    coracle, folder, image, port = os.path.join(ROOT, "build", "coracle"), WORK + "/base", WORK + "/tomcat.image", free_port()
    answers, failures = {}, 0
    for way, command in (("java", ["java"] + words(folder)), ("coracle", [coracle, "java"] + words(folder)),
                         ("thawed", [coracle, image]), ("thawed again", [coracle, image])):
        if not way.endswith("again"):
            prepare(folder, port)
        if way == "thawed":
            freeze(coracle, folder, image)
        with served(command, port, "%s/%s.log" % (WORK, way.replace(" ", "_"))):
            answers[way] = [ask(port, page) for page in PAGES]
        if answers["java"][0] != (200, "text/plain", b"A page that is there.\n") or answers["java"][1][0] != 200:
            print("tomcat: the peer's answers are not those that the test is about: %r" % answers["java"])
            return 1
        for page, own, peer in zip(PAGES, answers[way], answers["java"]):
            if own != peer:
                failures += 1
                print("FAIL tomcat, %s: %s: %r, java's is %r" % (way, page, own, peer))
    print("tomcat: %d answers, %d not as java's" % (3 * len(PAGES), failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
