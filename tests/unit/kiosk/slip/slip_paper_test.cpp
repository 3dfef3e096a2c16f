// SPDX-License-Identifier: EUPL-1.2
// A slip from its codes to the printer's bytes, and back: the bytes are made a picture again, and a
// program that is not ours (zbarimg) reads the codes off it.
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "drivers/base/limits_printer.hpp"
#include "drivers/none/printer.hpp"
#include "drivers/printer/raster_printer.hpp"
#include "kiosk/runtime/printer_worker.hpp"
#include "kiosk/slip/draw.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> tags{"de", "de-x-leicht", "en", "ar"};

const i18n::Locales& locales() {
    static const i18n::Locales all =
        i18n::Locales::load(FREIGABE_BINARY_DIR "/share/locales", tags).value();
    return all;
}

/// As long as real ones: a check code has some 390 letters.
std::string check_code() {
    return "eyJhbGciOiJFUzI1NiJ9." + std::string(280, 'p') + '.' + std::string(86, 's');
}
core::Slip codes() {
    return {check_code(), check_code() + "~c2VjcmV0LW9mLXRoZS1z"};
}
constexpr core::Date today{std::chrono::year{2026}, std::chrono::month{5}, std::chrono::day{12}};

/// A printer that keeps what it is sent until it is cut off.
class Paper {
  public:
    Paper() {
        std::array<char, 256> name{};
        termios raw{};
        ::cfmakeraw(&raw);
        REQUIRE(::openpty(&master_, &slave_, name.data(), &raw, nullptr) == 0);
        path = name.data();
        reading_ = std::thread([this] { read_to_cut(); });
    }
    ~Paper() {
        if (reading_.joinable()) reading_.join();
        ::close(slave_);
        ::close(master_);
    }
    Paper(const Paper&) = delete;
    Paper& operator=(const Paper&) = delete;

    /// The rows of all bands: what a printer would burn into the paper.
    base::Bytes rows() {
        reading_.join();
        base::Bytes out;
        for (std::size_t at = 2; at + 8 <= bytes_.size() && bytes_[at] == 0x1D;) {
            const std::size_t row_bytes = bytes_[at + 4] + bytes_[at + 5] * 256U;
            const std::size_t count = bytes_[at + 6] + bytes_[at + 7] * 256U;
            REQUIRE(row_bytes == limits::slip_width_px / 8);
            REQUIRE(at + 8 + row_bytes * count <= bytes_.size());
            base::append(out, base::ByteView(bytes_).subspan(at + 8, row_bytes * count));
            at += 8 + row_bytes * count;
        }
        return out;
    }

    std::string path;

  private:
    void read_to_cut() {
        const base::Bytes cut{0x1D, 'V', 'B', 0};
        std::array<std::uint8_t, 4'096> piece{};
        while (bytes_.size() < cut.size() ||
               !base::equal(base::ByteView(bytes_).last(cut.size()), cut)) {
            const ssize_t got = ::read(master_, piece.data(), piece.size());
            if (got <= 0) return;
            base::append(bytes_, base::ByteView(piece).first(static_cast<std::size_t>(got)));
        }
    }
    int master_ = -1;
    int slave_ = -1;
    base::Bytes bytes_;
    std::thread reading_;
};

core::PlaceEvent answer_in(runtime::Mailbox& mailbox) {
    for (int left = 4'000; left > 0; --left) {
        if (auto event = mailbox.take()) return std::get<core::PlaceEvent>(std::move(event->body));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL("no answer");
    return core::Yes{};
}

/// What zbarimg reads in these rows.
std::set<std::string> read_by_stranger(base::ByteView rows, const std::string& name) {
    const fs::path file = fs::path(FREIGABE_BINARY_DIR) / ("slip-" + name + ".pbm");
    std::ofstream out(file, std::ios::binary);
    out << "P4\n" << limits::slip_width_px << ' ' << rows.size() / (limits::slip_width_px / 8);
    out << '\n' << base::as_text(rows);
    out.close();
    std::set<std::string> found;
    FILE* reader = ::popen(("zbarimg -q --raw " + file.string()).c_str(), "r");
    REQUIRE(reader != nullptr);
    std::array<char, 2'048> line{};
    while (std::fgets(line.data(), static_cast<int>(line.size()), reader) != nullptr) {
        std::string text(line.data());
        while (!text.empty() && text.back() == '\n') text.pop_back();
        if (!text.empty()) found.insert(std::move(text));
    }
    CHECK(::pclose(reader) == 0);
    return found;
}

}  // namespace

TEST_CASE("slip paper: a stranger reads both codes off the paper, in every language") {
    for (const std::string& language : tags) {
        CAPTURE(language);
        Paper paper;
        printer::RasterPrinter printer({paper.path});
        runtime::Mailbox mailbox;
        runtime::PrinterWorker worker({printer, locales(), mailbox, FREIGABE_FONT_DIR});
        worker.print({{1, 7}, codes()}, language, today);
        const auto answer = answer_in(mailbox);
        REQUIRE(std::holds_alternative<core::SlipPrinted>(answer));
        CHECK(std::get<core::SlipPrinted>(answer).ticket == core::Ticket{1, 7});
        CHECK(read_by_stranger(paper.rows(), language) ==
              std::set<std::string>{codes().check, codes().take_back});
    }
}

TEST_CASE("slip paper: without a take-back code there is one code and no line to tear") {
    const slip::Order order{check_code(), "", "de", "2026-05-12"};
    const auto parts = slip::contents_of(locales(), order);
    CHECK(std::ranges::count_if(parts, [](const slip::Part& part) {
              return std::holds_alternative<slip::Code>(part);
          }) == 1);
    CHECK(std::ranges::none_of(parts, [](const slip::Part& part) {
        return std::holds_alternative<slip::TearLine>(part);
    }));
    auto engine = text::Engine::open(FREIGABE_FONT_DIR).value();
    const auto image = slip::draw(engine, parts);
    REQUIRE(image.has_value());
    CHECK(read_by_stranger(image->rows, "one") == std::set<std::string>{check_code()});
}

TEST_CASE("slip paper: own language first, German below it, and German is not said twice") {
    const auto languages_of = [](const std::string& language) {
        std::vector<std::string> out;
        const slip::Order order{"a", "b", language, "2026-05-12"};
        for (const slip::Part& part : slip::contents_of(locales(), order)) {
            if (const auto* words = std::get_if<slip::Words>(&part)) out.push_back(words->language);
        }
        return out;
    };
    CHECK(std::ranges::count(languages_of("de"), "de") == 7);
    const auto arabic = languages_of("ar");
    REQUIRE(arabic.size() == 14);
    for (std::size_t i = 0; i < arabic.size(); ++i) CHECK(arabic[i] == (i % 2 == 0 ? "ar" : "de"));
}

TEST_CASE("slip paper: every letter has a glyph, and no word is cut") {
    auto engine = text::Engine::open(FREIGABE_FONT_DIR).value();
    for (const std::string& language : tags) {
        const slip::Order order{"a", "b", language, "2026-05-12"};
        for (const slip::Part& part : slip::contents_of(locales(), order)) {
            const auto* words = std::get_if<slip::Words>(&part);
            if (words == nullptr) continue;
            text::Request request;
            request.utf8 = words->words;
            request.style = {40, 54, text::Weight::bold};
            request.width_px = static_cast<int>(limits::slip_width_px) - 32;
            request.language = words->language;
            CAPTURE(words->words);
            CHECK(engine.layout(request).missing == 0);
            CHECK(engine.layout(request).broken == 0);
        }
    }
}

TEST_CASE("slip paper: what no code holds or no paper has room for is a failure, not a cut slip") {
    auto engine = text::Engine::open(FREIGABE_FONT_DIR).value();
    CHECK_FALSE(slip::draw(engine, {slip::Code{std::string(4'000, 'x')}}).has_value());
    const std::vector<slip::Part> many(12, slip::Code{check_code()});
    CHECK_FALSE(slip::draw(engine, many).has_value());
}

TEST_CASE("slip paper: a printer that fails is told, and the codes stay on the screen") {
    none::Printer none;
    runtime::Mailbox mailbox;
    runtime::PrinterWorker worker({none, locales(), mailbox, FREIGABE_FONT_DIR});
    worker.print({{1, 9}, codes()}, "de", today);
    const auto answer = answer_in(mailbox);
    REQUIRE(std::holds_alternative<core::SlipFailed>(answer));
    CHECK(std::get<core::SlipFailed>(answer).ticket == core::Ticket{1, 9});
    CHECK(std::get<core::SlipFailed>(answer).errc == base::Errc::device_absent);
}
