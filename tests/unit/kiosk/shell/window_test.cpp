// SPDX-License-Identifier: EUPL-1.2
// The real window on SDL's dummy driver: it opens, draws, wakes from another thread, and forgets.
#include "kiosk/shell/window.hpp"

#include <thread>

#include "tests/screens/samples.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE(
    "window: draws a screen, is woken by another thread long before its timeout, and forgets at "
    "session end") {
    shell::Options options;
    options.font_directory = FREIGABE_FONT_DIR;
    auto window = shell::Window::open(options, samples::resolve);
    REQUIRE(window.has_value());
    shell::Window& w = **window;
    const auto first = w.run_once(samples::home("de"), 0ms);
    REQUIRE(first.size() == 1);
    CHECK(std::holds_alternative<view::EndOfPages>(first.front()));
    CHECK(w.tree().find("home.give") != nullptr);
    {
        const std::jthread waker([&] { w.wake(); });
        const auto started = std::chrono::steady_clock::now();
        CHECK(w.run_once(samples::home("de"), 20s).empty());
        CHECK(std::chrono::steady_clock::now() - started < 10s);
    }
    w.flush_caches();
    CHECK(w.tree().nodes().empty());
    CHECK_FALSE(w.closed());
    CHECK_FALSE(w.take_activity());
}

TEST_CASE("window: without its fonts it does not open") {
    shell::Options options;
    options.font_directory = "/nowhere";
    const auto window = shell::Window::open(options, samples::resolve);
    REQUIRE_FALSE(window.has_value());
    CHECK(window.error().code == base::Errc::file_io);
}
