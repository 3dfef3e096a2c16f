// SPDX-License-Identifier: EUPL-1.2
// Implementation of engine.hpp: measure once per paragraph, break into lines, shape each line again
// in visual order. Norm: UAX #9 L1, L2 (order on a line), UAX #14. UI thread only.
#include "kiosk/text/engine.hpp"

#include "kiosk/text/overwrite.hpp"

#include <linebreak.h>

#include <algorithm>
#include <cmath>

#include "drivers/base/secret.hpp"

namespace text {
namespace {

constexpr std::uint32_t soft_hyphen = 0x00AD;
constexpr std::uint32_t hyphen = '-';

struct Paragraph {
    std::vector<std::uint32_t> codes;
    std::vector<Weight> weights;
    std::vector<Item> items;
    std::vector<float> advances;  ///< per code point, as shaped over the whole paragraph
    float hyphen_px = 0;
};

struct Span {
    std::size_t from, to;  ///< codes of one line, trailing blanks cut
    bool hyphenated;
    bool broken;  ///< ends inside a word
};

std::vector<Run> runs_of(std::span<const std::uint32_t> codes, const std::vector<Item>& items,
                         std::size_t from, std::size_t to) {
    std::vector<Run> runs;
    for (std::size_t i = from; i < to;) {
        std::size_t j = i + 1;
        while (j < to && items[j].same_run(items[i])) ++j;
        runs.push_back({codes, i, j, items[i].face, items[i].script, (items[i].level & 1U) != 0});
        i = j;
    }
    return runs;
}

/// Where a long word without a blank may end: an e-mail or web address at its own joints.
bool is_joint(std::uint32_t code) {
    return code == '@' || code == '.' || code == '/' || code == '_';
}

std::vector<Span> break_lines(const Paragraph& p, float width) {
    std::vector<Span> spans;
    const std::size_t n = p.codes.size();
    for (std::size_t from = 0; from < n;) {
        float used = 0;
        std::size_t at = from;
        std::size_t good = from;  // one behind the last place where the line may end
        for (; at < n; ++at) {
            const bool blank = p.codes[at] == ' ';
            if (!blank && used + p.advances[at] > width + 0.5F && at > from) break;
            used += p.advances[at];
            const float with_hyphen = p.codes[at] == soft_hyphen ? p.hyphen_px : 0;
            if (p.items[at].break_after && used + with_hyphen <= width + 0.5F) good = at + 1;
            if (p.items[at].break_after && blank) good = at + 1;
        }
        std::size_t joint = at;
        while (joint > from && !is_joint(p.codes[joint - 1])) --joint;
        if (at < n && good <= from && joint > from) good = joint;
        const bool broken = at < n && good <= from;
        const std::size_t end = at == n ? n : good > from ? good : at;
        std::size_t to = end;
        while (to > from && p.codes[to - 1] == ' ') --to;
        const bool hyphenated = end < n && to > from && p.codes[to - 1] == soft_hyphen;
        spans.push_back({from, to, hyphenated, broken});
        from = end;
    }
    return spans;
}

bool is_one_word(const Paragraph& p, const Span& span) {
    return std::find(p.codes.begin() + static_cast<std::ptrdiff_t>(span.from),
                     p.codes.begin() + static_cast<std::ptrdiff_t>(span.to),
                     std::uint32_t{' '}) == p.codes.begin() + static_cast<std::ptrdiff_t>(span.to);
}

/// A last line with one short word is a fault (design.md 5): closer lines take words down to it, if
/// their number stays.
std::vector<Span> balanced_lines(const Paragraph& p, float width) {
    std::vector<Span> spans = break_lines(p, width);
    if (spans.size() < 2 || !is_one_word(p, spans.back())) return spans;
    constexpr float step = 0.04F;
    constexpr int steps = 10;
    for (int i = 1; i <= steps; ++i) {
        std::vector<Span> closer = break_lines(p, width * (1.0F - step * static_cast<float>(i)));
        if (closer.size() != spans.size()) break;
        const bool whole =
            std::none_of(closer.begin(), closer.end(), [](const Span& s) { return s.broken; });
        if (whole && !is_one_word(p, closer.back())) return closer;
    }
    return spans;
}

/// UAX #9 L2: from the highest level down to the lowest odd one, reverse every stretch at that
/// level or above.
void reorder(std::vector<Run>& runs, std::vector<std::uint8_t> levels) {
    std::uint8_t highest = 0;
    for (const std::uint8_t level : levels) highest = std::max(highest, level);
    for (std::uint8_t level = highest; level >= 1; --level) {
        for (std::size_t i = 0; i < runs.size();) {
            std::size_t j = i;
            while (j < runs.size() && levels[j] >= level) ++j;
            std::reverse(levels.begin() + static_cast<std::ptrdiff_t>(i),
                         levels.begin() + static_cast<std::ptrdiff_t>(j));
            std::reverse(runs.begin() + static_cast<std::ptrdiff_t>(i),
                         runs.begin() + static_cast<std::ptrdiff_t>(j));
            i = j + 1;
        }
    }
}

Line shape_line(Faces& faces, const Paragraph& p, const Span& span, const Request& request) {
    std::vector<std::uint32_t> codes = p.codes;
    if (span.hyphenated) codes[span.to - 1] = hyphen;
    std::vector<Run> runs = runs_of(codes, p.items, span.from, span.to);
    std::vector<std::uint8_t> levels;
    levels.reserve(runs.size());
    for (const Run& run : runs) levels.push_back(p.items[run.from].level);
    reorder(runs, std::move(levels));
    Line line;
    line.words = span.to > span.from ? 1 : 0;
    for (std::size_t i = span.from; i < span.to; ++i) line.words += p.codes[i] == ' ' ? 1 : 0;
    for (const Run& run : runs) {
        for (const ShapedGlyph& g : faces.shape(run, request.style.size_px, request.language)) {
            line.glyphs.push_back({run.face, g.glyph, line.width + g.x, g.y});
            line.width += g.advance;
        }
    }
    std::fill(codes.begin(), codes.end(), 0U);
    return line;
}

Paragraph measure(Faces& faces, Paragraph p, const Request& request) {
    p.items = itemise(faces, p.codes, p.weights, request.direction, request.language);
    p.advances.assign(p.codes.size(), 0.0F);
    for (const Run& run : runs_of(p.codes, p.items, 0, p.codes.size())) {
        for (const ShapedGlyph& g : faces.shape(run, request.style.size_px, request.language)) {
            p.advances[g.cluster] += g.advance;
        }
    }
    if (std::find(p.codes.begin(), p.codes.end(), soft_hyphen) != p.codes.end()) {
        const std::vector<std::uint32_t> one{hyphen};
        const Run run{one, 0, 1, {Script::latin, request.style.weight}, HB_SCRIPT_LATIN, false};
        p.hyphen_px = faces.shape(run, request.style.size_px, request.language).front().advance;
    }
    return p;
}

std::string key_of(const Request& r) {
    std::string key(r.utf8);
    key += '\x1f' + r.language + '\x1f' + std::to_string(r.width_px) + ',' +
           std::to_string(std::lround(r.style.size_px * 64)) + ',' +
           std::to_string(r.style.line_px) + (r.style.weight == Weight::bold ? 'b' : 'r') +
           (r.direction == Direction::right_to_left ? 'R' : 'L');
    return key;
}

}  // namespace

base::Result<Engine> Engine::open(const std::string& directory) {
    init_linebreak();
    TRY(faces, Faces::open(directory));
    return Engine(std::move(faces));
}

const Layout& Engine::layout(const Request& request) {
    std::string key = key_of(request);
    const auto found = cache_.find(key);
    if (found != cache_.end()) return found->second;
    return cache_.emplace(std::move(key), build(request)).first->second;
}

Layout Engine::build(const Request& request) {
    Layout out;
    out.style = request.style;
    out.direction = request.direction;
    const float ascent = std::round(Faces::ascent_px(request.style.size_px));
    const float descent = std::round(Faces::descent_px(request.style.size_px));
    const float leading = static_cast<float>(request.style.line_px) - ascent - descent;
    out.first_baseline = static_cast<int>(std::floor(leading / 2) + ascent);
    const Decoded decoded = decode(request.utf8, request.style.weight);
    for (std::size_t from = 0; from <= decoded.codes.size();) {
        std::size_t to = from;
        while (to < decoded.codes.size() && decoded.codes[to] != '\n') ++to;
        Paragraph p;
        p.codes.assign(decoded.codes.begin() + static_cast<std::ptrdiff_t>(from),
                       decoded.codes.begin() + static_cast<std::ptrdiff_t>(to));
        p.weights.assign(decoded.weights.begin() + static_cast<std::ptrdiff_t>(from),
                         decoded.weights.begin() + static_cast<std::ptrdiff_t>(to));
        p = measure(faces_, std::move(p), request);
        for (const Item& item : p.items) out.missing += item.missing ? 1U : 0U;
        if (p.codes.empty()) out.lines.emplace_back();
        for (const Span& span : balanced_lines(p, static_cast<float>(request.width_px))) {
            out.broken += span.broken ? 1U : 0U;
            out.lines.push_back(shape_line(faces_, p, span, request));
        }
        from = to + 1;
    }
    for (const Line& line : out.lines) out.width = std::max(out.width, line.width);
    out.height = static_cast<int>(out.lines.size()) * request.style.line_px;
    return out;
}

void Engine::flush() {
    while (!cache_.empty()) {
        auto node = cache_.extract(cache_.begin());
        base::wipe_memory(node.key().data(), node.key().size());
        for (Line& line : node.mapped().lines) {
            std::fill(line.glyphs.begin(), line.glyphs.end(), PlacedGlyph{});
        }
    }
}

void Engine::trim() {
    if (cache_.size() > layouts_max) flush();
}

}  // namespace text
