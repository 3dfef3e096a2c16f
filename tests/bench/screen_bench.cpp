// SPDX-License-Identifier: EUPL-1.2
// Processor time of one frame beside the budget of one 60 Hz period and beside a plain fill of the
// same pixels, as JSON lines. First frame (fonts, shaping, glyphs) and later frames (caches warm)
// apart; medians, and the slowest for the budget.
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "kiosk/screens/renderer.hpp"
#include "tests/screens/samples.hpp"

namespace {

/// Processor time of this thread, which draws everything: what else runs here does not count.
struct Clock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<Clock>;
    static time_point now() {
        timespec now{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return time_point(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
    }
};
constexpr double frame_budget_ms = 16.0;  // ui.md: full 1080x1920 frame without a GPU
constexpr int rounds = 60;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

template <class Work>
double median_ms(Work&& work) {
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const Clock::time_point start = Clock::now();
        work();
        times.push_back(ms_since(start));
    }
    std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
    return times[rounds / 2];
}

void print(const std::string& name, double value, const char* reference, double reference_value,
           double budget) {
    std::printf(
        "{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"ms\",\"reference\":\"%s\",\"reference_value\":%"
        ".3f,\"ratio\":%.2f,"
        "\"budget\":\"<= %.0f ms\",\"ok\":%s}\n",
        name.c_str(), value, reference, reference_value, value / reference_value, budget,
        value <= budget ? "true" : "false");
}

}  // namespace

int main() {
    const Clock::time_point opened = Clock::now();
    auto renderer = screens::Renderer::open(FREIGABE_FONT_DIR, samples::resolve);
    if (!renderer) return 1;
    const double open_ms = ms_since(opened);
    widgets::Frame frame;
    const Clock::time_point first = Clock::now();
    (void)renderer->draw(samples::start(), {}, {}, frame);
    const double first_ms = ms_since(first);
    widgets::Frame plain(1080, 1920);
    const double fill_ms = median_ms([&] {
        std::fill(plain.pixels.begin(), plain.pixels.end(), 0xFF123456U);
        // The compiler may not drop a frame that nobody looks at.
        __asm__ volatile("" : : "g"(plain.pixels.data()) : "memory");
    });
    constexpr double first_budget_ms = 100.0;  // ui.md: CPU to first paint of the whole application
    print("screen: fonts, icons, theme opened", open_ms, "budget of first paint", first_budget_ms,
          first_budget_ms);
    print("screen: first frame, start, 11 scripts", first_ms, "budget of first paint",
          first_budget_ms, first_budget_ms);
    struct Row {
        const char* name;
        view::Screen screen;
    };
    view::Screen high = samples::home("de");
    high.display.text_percent = 200;
    high.display.contrast = view::Contrast::high;
    const std::vector<Row> rows{{"screen: frame 1080x1920, home", samples::home("de")},
                                {"screen: frame 1080x1920, release", samples::release("de")},
                                {"screen: frame 1080x1920, release Arabic", samples::release("ar")},
                                {"screen: frame 1080x1920, done with QR", samples::done()},
                                {"screen: frame 1080x1920, PIN pad", samples::pin()},
                                {"screen: frame 1080x1920, home 200 %", high}};
    for (const Row& row : rows) {
        (void)renderer->draw(row.screen, {}, {}, frame);
        print(row.name, median_ms([&] { (void)renderer->draw(row.screen, {}, {}, frame); }),
              "plain fill of the pixels", fill_ms, frame_budget_ms);
    }
    return 0;
}
