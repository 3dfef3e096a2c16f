// SPDX-License-Identifier: EUPL-1.2
// Compares every screen of the product, in many variants, with the hash of its exact pixels; the
// main variants have a committed picture too, so that a change can be looked at. Usage:
// screen_goldens [--record] [--out DIR]. On a mismatch DIR gets old|new|diff or the new picture; a
// golden that no screen uses fails too. --record rewrites: look at the pictures before you commit.
// Tests only.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string_view>

#include "tests/screens/album.hpp"
#include "tests/screens/png.hpp"

namespace {

namespace fs = std::filesystem;
using album::Look;

/// Committed pictures stay small: all of them together (architecture of the tests: 15 MB).
constexpr std::uintmax_t goldens_bytes_max = 15'000'000;

enum class Keep { picture, hash };

struct Variant {
    Look look;
    Keep keep;
};

std::vector<Variant> variants() {
    std::vector<Variant> out;
    for (const char* language : {"de", "ar"}) {
        out.push_back({Look{language, 100}, Keep::picture});
        out.push_back(
            {Look{language, 200}, std::string_view(language) == "de" ? Keep::picture : Keep::hash});
        out.push_back({Look{language, 160}, Keep::hash});
        out.push_back({Look{language, 100, view::Contrast::dark}, Keep::hash});
        out.push_back({Look{language, 200, view::Contrast::high}, Keep::hash});
        out.push_back({Look{language, 100, view::Contrast::light, album::landscape}, Keep::hash});
        out.push_back({Look{language, 100, view::Contrast::light, {}, true}, Keep::hash});
    }
    for (const char* language : {"en", "de-x-leicht"}) {
        out.push_back({Look{language, 100}, Keep::hash});
        out.push_back({Look{language, 200}, Keep::hash});
    }
    return out;
}

/// Screens that differ from a neighbour with a picture by a title or a note.
constexpr std::array<std::string_view, 51> near_neighbours{
    "start-reader",       "card-reader",
    "slip-ask-elsewhere", "done-slip-elsewhere",
    "slip-damaged",       "slip-foreign",
    "slip-half",          "slip-forged",
    "slip-taken-back",    "slip-invitation",
    "slip-letter-forged", "slip-letter-over",
    "release-invited",    "done-printing",
    "done-no-paper",      "done-no-slip",
    "forget-copy-ended",  "forget-copy-running",
    "forget-copy-failed", "ask-access-choose",
    "done-demanded",      "my-releases-demanded",
    "care-card",          "my-releases-take-back",
    "my-releases-asking", "my-releases-everywhere",
    "my-releases-failed", "my-releases-loading",
    "my-releases-none",   "insight-online",
    "insight-asking",     "insight-no-answer",
    "insight-no-line",    "insight-busy",
    "insight-unverified", "insight-nothing",
    "insight-contacts",   "take-back-elsewhere",
    "care-can",           "puk-pad",
    "care-can-pad",       "old-pin",
    "old-pin-wrong",      "new-pin-again",
    "new-pin-differed",   "card-removed-unsure",
    "failed-pin-unsure",  "card-writing-unblock",
    "card-removed-care",  "pin-done-next",
    "pin-done-unblocked"};

bool is_near_neighbour(const album::Picture& picture) {
    const std::string_view shot = std::string_view(picture.name).substr(0, picture.name.find('_'));
    return std::find(near_neighbours.begin(), near_neighbours.end(), shot) != near_neighbours.end();
}

/// At big text only first pages have a picture, and of neighbours one: all of them would not fit
/// the bound.
bool has_picture(const Variant& variant, const album::Picture& picture) {
    return variant.keep == Keep::picture && !is_near_neighbour(picture) &&
           (variant.look.text_percent == 100 || picture.drawn.page == 0);
}

class Judge {
  public:
    Judge(fs::path goldens, fs::path out, bool record)
        : goldens_(std::move(goldens)), out_(std::move(out)), record_(record) {
        std::ifstream in(goldens_ / "hashes.txt");
        for (std::string name, hash; in >> name >> hash;) hashes_[name] = hash;
        fs::create_directories(goldens_);
        fs::create_directories(out_);
    }

    void see(const album::Picture& picture, bool as_picture) {
        ++seen_;
        used_.insert(picture.name);
        if (as_picture) pictures_.insert(picture.name);
        const std::string hash = png::hash(picture.frame);
        if (record_) return record(picture, hash, as_picture);
        const auto old = hashes_.find(picture.name);
        const fs::path path = goldens_ / (picture.name + ".png");
        if (as_picture && !fs::exists(path)) complain(picture.name, "has no picture");
        if (old != hashes_.end() && old->second == hash) return;
        complain(picture.name, old == hashes_.end() ? "has no golden" : "looks different");
        const auto before = as_picture ? png::read(path) : std::nullopt;
        const bool written =
            png::write(out_ / (picture.name + ".png"),
                       before ? png::report(*before, picture.frame) : picture.frame);
        if (!written) complain(picture.name, "cannot be written for the report");
    }

    [[nodiscard]] int finish() {
        if (record_) write_hashes();
        std::uintmax_t bytes = 0;
        for (const auto& entry : fs::directory_iterator(goldens_)) {
            bytes += entry.file_size();
            if (entry.path().extension() != ".png" || pictures_.contains(entry.path().stem()))
                continue;
            if (record_) {
                fs::remove(entry.path());
            } else {
                complain(entry.path().stem(), "is a golden that no screen uses");
            }
        }
        for (const auto& [name, hash] : hashes_) {
            if (!record_ && !used_.contains(name)) complain(name, "is a hash that no screen uses");
        }
        if (bytes > goldens_bytes_max) complain("goldens", "are larger than 15 MB together");
        std::printf("%zu screens, %zu wrong, goldens %.1f MB\n", seen_, wrong_,
                    static_cast<double>(bytes) / 1e6);
        return wrong_ == 0 ? 0 : 1;
    }

  private:
    void complain(const std::string& name, const char* what) {
        ++wrong_;
        std::printf("%s %s\n", name.c_str(), what);
    }

    /// A picture is rewritten only if its pixels changed, so that a commit holds what really
    /// differs.
    void record(const album::Picture& picture, const std::string& hash, bool as_picture) {
        recorded_[picture.name] = hash;
        const auto old = hashes_.find(picture.name);
        const fs::path path = goldens_ / (picture.name + ".png");
        const bool same = old != hashes_.end() && old->second == hash && fs::exists(path);
        if (as_picture && !same && !png::write(path, picture.frame))
            complain(picture.name, "cannot be written");
    }

    void write_hashes() {
        std::ofstream file(goldens_ / "hashes.txt");
        for (const auto& [name, hash] : recorded_) file << name << ' ' << hash << '\n';
    }

    fs::path goldens_, out_;
    bool record_;
    std::map<std::string, std::string> hashes_, recorded_;
    std::set<std::string> used_, pictures_;
    std::size_t seen_ = 0, wrong_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> args(argv + 1, argv + argc);
    bool record = false;
    std::string out = FREIGABE_BINARY_DIR "/screens";
    for (std::size_t i = 0; i < args.size(); ++i) {
        if (args[i] == "--record") record = true;
        if (args[i] == "--out" && i + 1 < args.size()) out = args[++i];
    }
    album::Album album;
    Judge judge(FREIGABE_SOURCE_DIR "/tests/screens/golden", out, record);
    for (const Variant& variant : variants()) {
        album.each(variant.look,
                   [&](const album::Picture& p) { judge.see(p, has_picture(variant, p)); });
    }
    for (const char* language : {"de", "ar"}) {
        album.each_failure(Look{language, 100},
                           [&](const album::Picture& p) { judge.see(p, false); });
    }
    return judge.finish();
}
