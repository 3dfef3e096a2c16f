// SPDX-License-Identifier: EUPL-1.2
// Block lists: what is found in one, and everything that is none.
#include "drivers/eid/block_list.hpp"

#include <stdlib.h>

#include <fstream>

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using base::Errc;

namespace {

constexpr eid::Date made{2026y / 11 / 24};

/// An identifier that begins with this number; what stands behind its first 16 bytes is `tail`.
eid::BlockListId id_of(std::uint64_t number, std::uint8_t tail = 0) {
    std::array<std::uint8_t, 32> bytes{};
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
    }
    bytes.back() = tail;
    return eid::BlockListId(bytes);
}

base::Bytes list_of(const std::vector<eid::BlockListId>& ids) {
    auto file = eid::encode_block_list({made, crypto::sha256(base::as_bytes("sector")), ids});
    REQUIRE(file.has_value());
    return std::move(*file);
}

/// The digest that belongs to a changed body, so that only the change is wrong.
base::Bytes redigested(base::Bytes file) {
    file.resize(file.size() - eid::block_list_digest_bytes);
    base::append(file, crypto::sha256(file));
    return file;
}

std::string refusal(base::ByteView file) {
    const auto view = eid::BlockListView::parse(file);
    REQUIRE_FALSE(view.has_value());
    CHECK(view.error().code == Errc::config_bad);
    return view.error().where;
}

/// A folder of its own, removed at the end.
struct Folder {
    Folder() {
        std::string name = std::string(FREIGABE_BINARY_DIR) + "/unit_eid.XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() {
        std::error_code ignored;  // what stays behind fails no test
        std::filesystem::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
};

void write(const std::filesystem::path& path, base::ByteView bytes) {
    std::ofstream(path, std::ios::binary) << base::as_text(bytes);
}

}  // namespace

TEST_CASE("block list: every entry is found and nothing beside it, from none to many") {
    for (const std::uint64_t count : {0U, 1U, 2U, 3U, 127U, 128U, 129U, 1'000U}) {
        CAPTURE(count);
        std::vector<eid::BlockListId> ids;
        for (std::uint64_t i = count; i > 0; --i) ids.push_back(id_of(10 * i));
        const base::Bytes file = list_of(ids);
        CHECK(file.size() == eid::block_list_head_bytes + 16 * count + 32);
        const auto view = eid::BlockListView::parse(file);
        REQUIRE(view.has_value());
        CHECK(view->size() == count);
        CHECK_FALSE(view->contains(id_of(0)));
        CHECK_FALSE(view->contains(id_of(UINT64_MAX, 0xFF)));
        for (std::uint64_t i = 1; i <= count; ++i) {
            CHECK(view->contains(id_of(10 * i)));
            CHECK_FALSE(view->contains(id_of(10 * i - 1)));
            CHECK_FALSE(view->contains(id_of(10 * i + 1)));
        }
    }
}

TEST_CASE("block list: smallest and largest identifier, doubled ones, and the unused half") {
    const base::Bytes file = list_of({id_of(UINT64_MAX, 1), id_of(0), id_of(0), id_of(7)});
    const auto view = eid::BlockListView::parse(file);
    REQUIRE(view.has_value());
    CHECK(view->size() == 3);
    CHECK(view->contains(id_of(0)));
    CHECK(view->contains(id_of(UINT64_MAX)));
    CHECK(view->contains(id_of(7, 0xFF)));
}

TEST_CASE("block list: order is by unsigned bytes at every edge") {
    const std::vector<std::uint64_t> edges = {0x00ULL << 56U, 0x7FULL << 56U, 0x80ULL << 56U,
                                              0xFFULL << 56U, 0xFF,           0x100};
    std::vector<eid::BlockListId> ids;
    for (const std::uint64_t edge : edges) ids.push_back(id_of(edge));
    const base::Bytes file = list_of(ids);
    const auto view = eid::BlockListView::parse(file);
    REQUIRE(view.has_value());
    for (const auto& id : ids) CHECK(view->contains(id));
}

TEST_CASE("block list: its day, its age and its sector are values") {
    const base::Bytes file = list_of({id_of(1)});
    const auto view = eid::BlockListView::parse(file);
    REQUIRE(view.has_value());
    CHECK(view->created() == made);
    CHECK(view->days_old(made) == 0);
    CHECK(view->days_old(eid::Date{2026y / 11 / 25}) == 1);
    CHECK(view->days_old(eid::Date{2027y / 11 / 24}) == 365);
    CHECK(view->days_old(eid::Date{2026y / 11 / 23}) == -1);
    CHECK(view->sector_hash() == crypto::sha256(base::as_bytes("sector")));
    CHECK(base::equal(view->digest(), base::ByteView(file).last(32)));
}

TEST_CASE("block list: a file cut at any byte or with one byte too many is refused") {
    base::Bytes file = list_of({id_of(1), id_of(2)});
    for (std::size_t size = 0; size < file.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(eid::BlockListView::parse(base::ByteView(file).first(size)).has_value());
    }
    file.push_back(0);
    CHECK(refusal(file) == "block list length");
    CHECK(refusal({}) == "no block list");
}

TEST_CASE("block list: any changed byte is refused") {
    const base::Bytes file = list_of({id_of(1), id_of(2)});
    for (std::size_t at = 0; at < file.size(); ++at) {
        CAPTURE(at);
        base::Bytes changed = file;
        changed[at] ^= 0x01U;
        CHECK_FALSE(eid::BlockListView::parse(changed).has_value());
    }
    base::Bytes changed = file;
    changed.back() ^= 0x80U;
    CHECK(refusal(changed) == "block list digest");
}

TEST_CASE("block list: what is wrong with a right digest has its own word") {
    base::Bytes file = list_of({id_of(1), id_of(2)});
    const char* word = "";
    SUBCASE("another file") {
        file[0] = 'X';
        word = "no block list";
    }
    SUBCASE("a later version") {
        file[9] = 2;
        word = "block list version";
    }
    SUBCASE("entries of another size") {
        file[11] = 32;
        word = "block list version";
    }
    SUBCASE("a day that is none") {
        file[15] = static_cast<std::uint8_t>(file[15] + 40);
        word = "block list day";
    }
    SUBCASE("more entries than there are") {
        file[23] = 3;
        word = "block list length";
    }
    SUBCASE("more entries than a list may have") {
        file[16] = 0xFF;
        word = "block list too long";
    }
    SUBCASE("falling entries") {
        std::swap_ranges(file.begin() + 56, file.begin() + 72, file.begin() + 72);
        word = "block list order";
    }
    SUBCASE("doubled entries") {
        std::copy(file.begin() + 56, file.begin() + 72, file.begin() + 72);
        word = "block list order";
    }
    CHECK(refusal(redigested(std::move(file))) == word);
}

TEST_CASE("block list: a day outside the calendar is not written") {
    for (const eid::Date day : {eid::Date{2026y / 2 / 30}, eid::Date{1969y / 12 / 31}}) {
        CHECK(eid::encode_block_list({day, {}, {}}).error().code == Errc::config_bad);
    }
}

TEST_CASE("block list: a file is mapped, replaced as a whole, and a mapped one lives on") {
    const Folder folder;
    const auto path = folder.path / "cards.blocklist";
    REQUIRE(eid::write_block_list(path, list_of({id_of(1)})).has_value());
    auto opened = eid::BlockList::open(path);
    REQUIRE(opened.has_value());
    const eid::BlockList old = std::move(*opened);
    REQUIRE(eid::write_block_list(path, list_of({id_of(2)})).has_value());
    CHECK(old.view().contains(id_of(1)));
    CHECK_FALSE(old.view().contains(id_of(2)));
    const auto renewed = eid::BlockList::open(path);
    REQUIRE(renewed.has_value());
    CHECK(renewed->view().contains(id_of(2)));
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);
}

TEST_CASE("block list: no file, no ordinary file and no list are told apart") {
    const Folder folder;
    const auto missing = eid::BlockList::open(folder.path / "none");
    CHECK(missing.error().code == Errc::file_io);
    CHECK(missing.error().detail == ENOENT);
    CHECK(eid::BlockList::open(folder.path).error().code == Errc::config_bad);
    write(folder.path / "empty", {});
    CHECK(eid::BlockList::open(folder.path / "empty").error().code == Errc::config_bad);
    base::Bytes cut = list_of({id_of(1)});
    cut.pop_back();
    write(folder.path / "cut", cut);
    CHECK(eid::BlockList::open(folder.path / "cut").error().code == Errc::config_bad);
    const auto nowhere = eid::write_block_list(folder.path / "no" / "where", cut);
    CHECK(nowhere.error().code == Errc::file_io);
}
