// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/slip/draw.hpp"

#include <qrencode.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits_printer.hpp"
#include "drivers/base/secret.hpp"

namespace slip {
namespace {

constexpr int width_px = static_cast<int>(limits::slip_width_px);
constexpr int margin_px = 16;
constexpr int gap_px = 14;
constexpr int quiet_modules = 4;
constexpr int dash_px = 12;
constexpr std::uint8_t black_from = 128;  ///< coverage of a glyph that makes a dot

/// The modules go when they die: they are the secret in another form.
void free_code(QRcode* code) {
    const auto side = static_cast<std::size_t>(code->width);
    base::wipe_memory(code->data, side * side);
    QRcode_free(code);
}
using QrCode = std::unique_ptr<QRcode, base::Deleter<free_code>>;

/// The paper so far, which grows downwards.
class Paper {
  public:
    Paper() {
        // In one piece, so that no copy of it stays behind.
        image_.rows.reserve(limits::slip_height_px_max * row_bytes);
        image_.width_px = limits::slip_width_px;
    }
    ~Paper() { base::wipe(image_.rows); }
    Paper(const Paper&) = delete;
    Paper& operator=(const Paper&) = delete;

    [[nodiscard]] int height() const { return static_cast<int>(image_.height_px); }
    [[nodiscard]] bool overflowed() const { return overflowed_; }
    void feed(int rows) {
        const std::size_t height = image_.height_px + static_cast<std::size_t>(rows);
        if (height > limits::slip_height_px_max) {
            overflowed_ = true;
            return;
        }
        image_.height_px = height;
        image_.rows.resize(height * row_bytes, 0);
    }
    void dot(int x, int y) {
        if (x < 0 || x >= width_px || y < 0 || y >= height()) return;
        const auto at = static_cast<std::size_t>(y) * row_bytes + static_cast<std::size_t>(x / 8);
        const auto bit = static_cast<std::uint8_t>(0x80U >> static_cast<unsigned>(x % 8));
        image_.rows[at] = static_cast<std::uint8_t>(image_.rows[at] | bit);
    }
    [[nodiscard]] port::SlipImage take() { return std::exchange(image_, {}); }

  private:
    static constexpr std::size_t row_bytes = limits::slip_width_px / 8;
    port::SlipImage image_;
    bool overflowed_ = false;
};

text::Style style_of(Words::Size size) {
    switch (size) {
        case Words::Size::title:
            return {40, 54, text::Weight::bold};
        case Words::Size::body:
            return {28, 40, text::Weight::regular};
        case Words::Size::small:
            return {24, 34, text::Weight::regular};
    }
    return {};
}

class Drawing {
  public:
    Drawing(text::Engine& engine, Paper& paper) : engine_(engine), paper_(paper) {}

    bool operator()(const Words& part) {
        const bool rtl = text::is_right_to_left(part.language);
        text::Request request;
        request.utf8 = part.words;
        request.style = style_of(part.size);
        request.width_px = width_px - 2 * margin_px;
        request.language = part.language;
        request.direction = rtl ? text::Direction::right_to_left : text::Direction::left_to_right;
        const text::Layout& layout = engine_.layout(request);
        const int top = paper_.height();
        paper_.feed(layout.height + gap_px / 2);
        int baseline = top + layout.first_baseline;
        for (const text::Line& line : layout.lines) {
            const float free = static_cast<float>(request.width_px) - line.width;
            const float left = static_cast<float>(margin_px) + (rtl ? std::floor(free) : 0.0F);
            for (const text::PlacedGlyph& glyph : line.glyphs)
                draw_glyph(glyph, layout.style.size_px, left, baseline);
            baseline += layout.style.line_px;
        }
        return true;
    }

    bool operator()(const Code& part) {
        const QrCode code(QRcode_encodeString8bit(part.payload.c_str(), 0, QR_ECLEVEL_M));
        if (!code) return false;
        const int across = code->width + 2 * quiet_modules;
        const int unit = width_px / across;
        if (unit < 2) return false;  // a reader needs two dots a module
        const int left = (width_px - unit * code->width) / 2;
        const int top = paper_.height() + unit * quiet_modules;
        paper_.feed(unit * across);
        for (int y = 0; y < code->width * unit; ++y) {
            for (int x = 0; x < code->width * unit; ++x) {
                if ((code->data[y / unit * code->width + x / unit] & 1U) != 0)
                    paper_.dot(left + x, top + y);
            }
        }
        return true;
    }

    bool operator()(const TearLine&) {
        paper_.feed(2 * gap_px);
        const int y = paper_.height() - gap_px;
        for (int x = 0; x < width_px; ++x) {
            for (int thick = 0; thick < 3 && x / dash_px % 2 == 0; ++thick)
                paper_.dot(x, y + thick);
        }
        paper_.feed(gap_px);
        return true;
    }

  private:
    void draw_glyph(const text::PlacedGlyph& glyph, float size_px, float left, int baseline) {
        const text::Mask mask = engine_.draw(glyph.face, glyph.glyph, size_px, 0);
        const int x = static_cast<int>(std::lround(left + glyph.x)) + mask.left;
        const int y = baseline + static_cast<int>(std::lround(glyph.y)) - mask.top;
        for (int row = 0; row < mask.height; ++row) {
            for (int column = 0; column < mask.width; ++column) {
                if (mask.alpha[mask.index(row, column)] >= black_from)
                    paper_.dot(x + column, y + row);
            }
        }
    }

    text::Engine& engine_;
    Paper& paper_;
};

}  // namespace

base::Result<port::SlipImage> draw(text::Engine& engine, const std::vector<Part>& parts) {
    Paper paper;
    paper.feed(gap_px);
    Drawing drawing(engine, paper);
    for (const Part& part : parts) {
        if (!std::visit(drawing, part))
            return base::fail(base::Errc::device_failed, "slip code is too long");
    }
    paper.feed(gap_px);
    if (paper.overflowed()) return base::fail(base::Errc::device_failed, "slip is too long");
    return paper.take();
}

}  // namespace slip
