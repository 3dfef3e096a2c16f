// SPDX-License-Identifier: EUPL-1.2
// Eyes for the demo: finds out which screen a picture shows and where its widgets are. Draws every
// screen of the gallery with the product's own renderer and takes the one whose title looks the
// same, and among those the one with the fewest differing pixels: dates, names and the network note
// may differ, a title may not. Not linked to a running kiosk in any way: it sees what a person
// sees. usage: e2e_locate XWD-FILE LOCALES-DIR      one request a line on stdin, "LANGUAGE
// TEXT_PERCENT"; one line of JSON each on stdout:
// {"screen":name,"shot":name,"page":n,"pages":n,"differing":share,"widgets":{id:[x,y,w,h]}}
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"
#include "kiosk/i18n/locales.hpp"
#include "kiosk/screens/renderer.hpp"
#include "kiosk/view/wording.hpp"
#include "tests/screens/gallery.hpp"

namespace {

// Every third pixel in both directions: a ninth of the work, and no letter is thinner than that.
constexpr int stride = 3;
// Two colours of the palette are further apart than this; rounding of a blend is not.
constexpr int channel_tolerance = 24;

struct Candidate {
    std::string screen;
    std::string shot;
    unsigned page = 0;
    unsigned pages = 1;
    std::vector<std::uint32_t> samples;
    nlohmann::json widgets = nlohmann::json::object();
};

std::vector<std::uint32_t> sample(const widgets::Frame& frame) {
    std::vector<std::uint32_t> out;
    for (int y = 0; y < frame.height; y += stride) {
        for (int x = 0; x < frame.width; x += stride) out.push_back(frame.row(y)[x]);
    }
    return out;
}

/// X Window Dump as Xvfb keeps it: big-endian header of 32-bit words, colour map, rows.
bool read_xwd(const std::string& path, widgets::Frame& frame) {
    std::ifstream file(path, std::ios::binary);
    const base::Bytes bytes{std::istreambuf_iterator<char>(file), {}};
    if (bytes.size() < 100) return false;
    const auto word = [&](std::size_t index) {
        return base::read_u32(base::ByteView(bytes).subspan(4 * index));
    };
    const std::size_t start = word(0) + std::size_t{word(19)} * 12;
    const auto width = static_cast<int>(word(4));
    const auto height = static_cast<int>(word(5));
    const std::size_t row_bytes = word(12);
    if (word(11) != 32 || bytes.size() < start + row_bytes * static_cast<std::size_t>(height)) {
        return false;
    }
    frame = widgets::Frame(width, height);
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* row = bytes.data() + start + row_bytes * static_cast<std::size_t>(y);
        for (int x = 0; x < width; ++x, row += 4) {
            frame.row(y)[x] = static_cast<std::uint32_t>(row[2] << 16 | row[1] << 8 | row[0]);
        }
    }
    return true;
}

bool differs(std::uint32_t left, std::uint32_t right) {
    for (int shift = 0; shift < 24; shift += 8) {
        const int a = static_cast<int>(left >> shift & 0xFFU);
        const int b = static_cast<int>(right >> shift & 0xFFU);
        if (std::abs(a - b) > channel_tolerance) return true;
    }
    return false;
}

/// Steps and title on a panel of 1920 rows (zones of the design).
constexpr double title_from = 104.0 / 1920;
constexpr double title_to = 250.0 / 1920;

struct Difference {
    double title = 1.0;  ///< share of differing pixels in the title block
    double all = 1.0;
    /// A wrong title weighs more than any difference below it.
    [[nodiscard]] double rank() const { return 10 * title + all; }
};

double share(std::span<const std::uint32_t> left, std::span<const std::uint32_t> right) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < left.size(); ++i) count += differs(left[i], right[i]) ? 1U : 0U;
    return static_cast<double>(count) / static_cast<double>(left.size());
}

Difference difference(std::span<const std::uint32_t> left, std::span<const std::uint32_t> right) {
    if (left.size() != right.size() || left.empty()) return {};
    const auto from = static_cast<std::size_t>(title_from * static_cast<double>(left.size()));
    const auto to = static_cast<std::size_t>(title_to * static_cast<double>(left.size()));
    return {share(left.subspan(from, to - from), right.subspan(from, to - from)),
            share(left, right)};
}

class Album {
  public:
    explicit Album(screens::Renderer& renderer) : renderer_(renderer) {}

    const std::vector<Candidate>& of(const std::string& language, std::uint16_t percent) {
        auto& album = albums_[language + std::to_string(percent)];
        if (!album.empty()) return album;
        auto shots = gallery::places(language);
        for (auto& shot : gallery::failures(language)) shots.push_back(std::move(shot));
        for (const auto& shot : shots) add(album, shot, percent);
        return album;
    }

  private:
    void add(std::vector<Candidate>& album, const gallery::Shot& shot, std::uint16_t percent) {
        const auto screen = gallery::shown(shot.screen, percent, shot.screen.display.contrast);
        widgets::Frame frame;
        for (unsigned page = 0, pages = 1; page < pages; ++page) {
            screens::Moment moment;
            moment.page = page;
            const screens::Drawn drawn = renderer_.draw(screen, {}, moment, frame);
            pages = drawn.pages;
            Candidate candidate{screen.name, shot.name, page, pages, sample(frame), {}};
            candidate.widgets = nlohmann::json::object();
            for (const auto& node : drawn.tree.nodes()) {
                if (!node.id.empty() && node.focusable) {
                    candidate.widgets[node.id] = {node.x, node.y, node.w, node.h};
                }
            }
            album.push_back(std::move(candidate));
        }
    }

    screens::Renderer& renderer_;
    std::map<std::string, std::vector<Candidate>> albums_;
};

nlohmann::json find(const std::vector<Candidate>& album, const widgets::Frame& frame) {
    const auto seen = sample(frame);
    const Candidate* best = nullptr;
    Difference least{10.0, 10.0};
    for (const Candidate& candidate : album) {
        const Difference here = difference(candidate.samples, seen);
        if (here.rank() >= least.rank()) continue;
        least = here;
        best = &candidate;
    }
    CHECK(best != nullptr);
    return {{"screen", best->screen}, {"shot", best->shot},       {"page", best->page},
            {"pages", best->pages},   {"differing", least.title}, {"widgets", best->widgets}};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: e2e_locate XWD-FILE LOCALES-DIR\n", stderr);
        return 2;
    }
    const std::vector<std::string> tags{"de", "de-x-leicht", "en", "ar"};
    const auto locales = i18n::Locales::load(argv[2], tags);
    CHECK(locales.has_value());
    auto renderer = screens::Renderer::open(
        FREIGABE_FONT_DIR, [&](const view::Text& text, const std::string& language) {
            return view::wording(*locales, language, text);
        });
    CHECK(renderer.has_value());
    Album album(*renderer);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string language;
        unsigned percent = 100;
        words >> language >> percent;
        widgets::Frame frame;
        if (!read_xwd(argv[1], frame)) {
            std::cout << "{\"screen\":\"\",\"shot\":\"\",\"widgets\":{}}" << std::endl;
            continue;
        }
        std::cout << find(album.of(language, static_cast<std::uint16_t>(percent)), frame).dump()
                  << std::endl;
    }
    return 0;
}
