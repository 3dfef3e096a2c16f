// SPDX-License-Identifier: EUPL-1.2
// Focus order, hit test and the rule of one id.
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include "kiosk/a11y/registry.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

a11y::Node node(const char* id, int x, bool focusable) {
    a11y::Node n;
    n.id = id;
    n.label = id;
    n.x = x;
    n.w = 10;
    n.h = 10;
    n.focusable = focusable;
    return n;
}

a11y::Registry three() {
    a11y::Registry r;
    r.add(node("a", 0, true));
    r.add(node("", 0, false));
    r.add(node("b", 20, true));
    r.add(node("text", 40, false));
    r.add(node("c", 60, true));
    return r;
}

}  // namespace

TEST_CASE("registry: focus goes in order of drawing, round, and over what is only read") {
    const a11y::Registry r = three();
    CHECK(r.after("") == "a");
    CHECK(r.after("a") == "b");
    CHECK(r.after("b") == "c");
    CHECK(r.after("c") == "a");
    CHECK(r.before("") == "c");
    CHECK(r.before("a") == "c");
    CHECK(r.before("c") == "b");
    CHECK(r.after("gone") == "a");
    CHECK(a11y::Registry{}.after("").empty());
}

TEST_CASE("registry: the hit test takes edges as half open and the topmost widget") {
    a11y::Registry r = three();
    REQUIRE(r.at(0, 0) != nullptr);
    CHECK(r.at(0, 0)->id == "a");
    CHECK(r.at(9, 9)->id == "a");
    CHECK(r.at(10, 0) == nullptr);
    CHECK(r.at(45, 5) == nullptr);
    r.add(node("over", 5, true));
    CHECK(r.at(6, 5)->id == "over");
}

TEST_CASE("registry: a second widget of one id stops the program") {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // The abort is wanted; doctest's handler would report it as a failure.
        std::signal(SIGABRT, SIG_DFL);
        (void)std::freopen("/dev/null", "w", stderr);
        a11y::Registry r = three();
        r.add(node("a", 0, true));
        _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
}

TEST_CASE("registry: the outline tells role, id, words and states") {
    a11y::Registry r;
    a11y::Node n = node("x", 0, true);
    n.role = a11y::Role::checkbox;
    n.chosen = true;
    r.add(n);
    CHECK(a11y::outline(r) == "checkbox [x] x (chosen)\n");
}
