// SPDX-License-Identifier: EUPL-1.2
// Writes the samples as PNG files, to lie beside the pictures of the design reference. Usage:
// screen_shots DIR [NAME...]
#include <cstdio>
#include <filesystem>
#include <set>

#include "kiosk/screens/renderer.hpp"
#include "tests/screens/png.hpp"
#include "tests/screens/samples.hpp"

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    const std::string dir = argv[1];
    const std::set<std::string> wanted(argv + 2, argv + argc);
    std::filesystem::create_directories(dir);
    auto renderer = screens::Renderer::open(FREIGABE_FONT_DIR, samples::resolve);
    if (!renderer) {
        std::fprintf(stderr, "renderer: %s %u\n", renderer.error().where, renderer.error().detail);
        return 1;
    }
    widgets::Frame frame;
    for (const samples::Sample& sample : samples::all()) {
        if (!wanted.empty() && !wanted.contains(sample.name)) continue;
        screens::Moment moment;
        moment.page = sample.page;
        moment.focus = sample.focus;
        moment.phase = 1;
        const screens::Drawn drawn = renderer->draw(sample.screen, sample.panel, moment, frame);
        if (!png::write(dir + "/" + sample.name + ".png", frame)) return 1;
        std::printf("%s page %u of %u, %zu overflows\n", sample.name.c_str(), drawn.page + 1,
                    drawn.pages, drawn.text_overflows.size());
    }
    return 0;
}
