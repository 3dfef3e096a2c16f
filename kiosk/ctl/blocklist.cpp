// SPDX-License-Identifier: EUPL-1.2
// `freigabectl blocklist`: make the compact file out of a list of identifiers, check one, and ask
// one for a card. What a device does with it: drivers/eid/block_list.hpp.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>

#include "drivers/apdu/tlv.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/eid/block_list.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"

namespace ctl {
namespace {

/// 64 hex digits, or a little more for line ends and a comment.
constexpr std::size_t list_text_bytes_max = eid::block_list_entries_max * 72;

int usage() {
    std::fputs(
        "usage: freigabectl blocklist <what>\n"
        "  build  --created YYYYMMDD --sector FILE IN OUT\n"
        "                       IN: one identifier a line, 64 hex digits; # starts a comment\n"
        "  check  FILE [--sector FILE] [--today YYYYMMDD]\n"
        "                       digest and order, number of entries, age; whether it was made for\n"
        "                       this sector\n"
        "  lookup FILE IDENTIFIER\n"
        "                       fails with card_on_block_list if the card is on it\n"
        "\n"
        "  --sector FILE        public key of the revocation sector, 7F49 (freigabectl pki "
        "sector)\n"
        "\n"
        "  freigabectl blocklist build --created 20261124 --sector sector-revocation.pub \\\n"
        "      lost.txt cards.blocklist\n",
        stderr);
    return exit_usage;
}

auto bad(const char* why, std::string_view what) {
    std::fprintf(stderr, "%s: %.*s\n", why, static_cast<int>(what.size()), what.data());
    return base::fail(base::Errc::config_bad, "blocklist");
}

base::Result<eid::Date> date_of(std::string_view text) {
    const auto date = eid::parse_date(base::as_bytes(text));
    if (!date) return bad("no date", text);
    return *date;
}

base::Result<eid::Date> today_of(const Options& options) {
    if (const auto text = options.value("--today")) return date_of(*text);
    return eid::Date{std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
}

base::Result<eid::BlockListId> id_of(std::string_view text) {
    const auto bytes = base::from_hex(text);
    std::array<std::uint8_t, 32> id{};
    if (!bytes || bytes->size() != id.size()) return bad("no identifier of 64 hex digits", text);
    std::ranges::copy(*bytes, id.begin());
    return eid::BlockListId(id);
}

base::Result<eid::SectorHash> sector_hash_of(std::string_view path) {
    TRY(key, read_file(path));
    if (!apdu::only(key, 0x7F49)) return bad("no sector key", path);
    return crypto::sha256(key);
}

base::Result<std::vector<eid::BlockListId>> read_ids(std::string_view path) {
    TRY(content, read_file(path, list_text_bytes_max));
    std::vector<eid::BlockListId> ids;
    for (std::string_view line : split(base::as_text(content), '\n')) {
        line = line.substr(0, line.find('#'));
        const std::size_t end = line.find_last_not_of(" \t\r");
        if (end == std::string_view::npos) continue;
        TRY(id, id_of(line.substr(0, end + 1)));
        ids.push_back(id);
    }
    return ids;
}

base::Result<void> build(const Options& options) {
    TRY(created, date_of(options.value("--created").value_or("")));
    TRY(sector_hash, sector_hash_of(options.value("--sector").value_or("")));
    TRY(ids, read_ids(options.words()[0]));
    TRY(file, eid::encode_block_list({created, sector_hash, std::move(ids)}));
    TRY_VOID(eid::write_block_list(options.words()[1], file));
    TRY(view, eid::BlockListView::parse(file));
    std::printf("%zu entries, %zu bytes, sha256 %s\n", view.size(), file.size(),
                base::to_hex(view.digest()).c_str());
    return {};
}

base::Result<void> check(const Options& options) {
    TRY(today, today_of(options));
    TRY(list, eid::BlockList::open(options.words()[0]));
    const eid::BlockListView& view = list.view();
    std::printf("entries: %zu\ncreated: %s\ndays_old: %d\nsector_sha256: %s\nsha256: %s\n",
                view.size(), eid::compact_text(view.created()).c_str(), view.days_old(today),
                base::to_hex(view.sector_hash()).c_str(), base::to_hex(view.digest()).c_str());
    if (const auto sector = options.value("--sector")) {
        TRY(hash, sector_hash_of(*sector));
        if (hash != view.sector_hash()) return bad("not made for the sector of", *sector);
    }
    return {};
}

base::Result<void> lookup(const Options& options) {
    TRY(id, id_of(options.words()[1]));
    TRY(list, eid::BlockList::open(options.words()[0]));
    if (list.view().contains(id)) {
        return base::fail(base::Errc::card_on_block_list, "blocklist");
    }
    std::puts("not listed");
    return {};
}

int finish(const base::Result<void>& done) {
    if (done) return exit_ok;
    print_error(done.error());
    return exit_failed;
}

}  // namespace

int blocklist(Arguments arguments) {
    if (arguments.empty()) return usage();
    const auto options = Options::parse(
        arguments.subspan(1),
        {{"--created", Takes::value}, {"--sector", Takes::value}, {"--today", Takes::value}});
    if (!options) return usage();
    const std::size_t words = options->words().size();
    if (arguments[0] == "build" && words == 2 && options->has("--created") &&
        options->has("--sector")) {
        return finish(build(*options));
    }
    if (arguments[0] == "check" && words == 1) return finish(check(*options));
    if (arguments[0] == "lookup" && words == 2) return finish(lookup(*options));
    return usage();
}

}  // namespace ctl
