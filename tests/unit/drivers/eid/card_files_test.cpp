// SPDX-License-Identifier: EUPL-1.2
// Reading files from cards that answer in every way ISO 7816-4 allows, and in some it does not.
#include "drivers/eid/card_files.hpp"

#include "drivers/base/limits.hpp"
#include "tests/fakes/card_script.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using base::Errc;
using fakes::hex;

namespace {

/// A file of this many bytes: 30 82 xx xx and content.
base::Bytes file_of(std::size_t size) {
    base::Bytes file = hex("3082");
    base::append_u16(file, static_cast<std::uint16_t>(size - 4));
    file.resize(size, 0xAB);
    return file;
}
std::string part(const base::Bytes& file, std::size_t from, std::size_t size, const char* status) {
    return base::to_hex(base::ByteView(file).subspan(from, size)) + status;
}

Errc error_of(std::initializer_list<std::pair<const char*, const char*>> lines) {
    fakes::CardScript card;
    for (const auto& [command, answer] : lines) card.expect(command, answer);
    eid::Channel channel(card);
    const auto file = eid::read_file(channel, eid::sfid_card_access);
    REQUIRE_FALSE(file.has_value());
    return file.error().code;
}

}  // namespace

TEST_CASE("card files: exact, short, padded and piecewise answers give the same file") {
    struct Row {
        std::size_t size;
        const char* status;
    };
    for (const Row& row : {Row{5, "9000"}, Row{5, "6282"}, Row{255, "6282"}, Row{256, "9000"}}) {
        const base::Bytes file = file_of(row.size);
        fakes::CardScript card;
        card.expect("00b09c0000", part(file, 0, row.size, row.status));
        eid::Channel channel(card);
        CHECK(*eid::read_file(channel, eid::sfid_card_access) == file);
    }
    const base::Bytes file = file_of(300);
    fakes::CardScript card;
    card.expect("00b09c0000", part(file, 0, 100, "9000"))
        .expect("00b00064c8", part(file, 100, 50, "9000"))
        .expect("00b0009696", part(file, 150, 149, "6282"))
        .expect("00b0012b01", part(file, 299, 1, "9000"))
        .expect("00b09c0000", base::to_hex(hex("3000")) + "0000009000");
    eid::Channel channel(card);
    CHECK(*eid::read_file(channel, eid::sfid_card_access) == file);
    CHECK(*eid::read_file(channel, eid::sfid_card_access) == hex("3000"));
}

TEST_CASE("card files: what cannot be a file has its own error") {
    CHECK(error_of({{"*", "6A82"}}) == Errc::file_missing);
    CHECK(error_of({{"*", "6B00"}}) == Errc::file_missing);
    CHECK(error_of({{"*", "6282"}}) == Errc::file_missing);
    CHECK(error_of({{"*", "6982"}}) == Errc::right_missing);
    CHECK(error_of({{"*", "6F00"}}) == Errc::card_status_unexpected);
    CHECK(error_of({{"*", "9000"}}) == Errc::card_answer_bad);
    CHECK(error_of({{"*", "309000"}}) == Errc::card_answer_bad);
    CHECK(error_of({{"*", "30809000"}}) == Errc::card_answer_bad);
    CHECK(error_of({{"*", "30837FFFFF9000"}}) == Errc::card_answer_bad);
    CHECK(error_of({{"*", "3008AABB6282"}, {"*", "6B00"}}) == Errc::card_status_unexpected);
    CHECK(error_of({{"*", "3008AABB6282"}, {"*", "6282"}}) == Errc::card_answer_bad);
    CHECK(error_of({{"*", "3008AABB6282"}, {"*", "0102030405060708099000"}}) ==
          Errc::card_answer_bad);
}

TEST_CASE("card files: the master file is selected without its name, then with it") {
    fakes::CardScript card;
    card.expect("00a4000c", "9000")
        .expect("00a4000c", "6A86")
        .expect("00a4000c023f00", "9000")
        .expect("00a4000c", "6A86")
        .expect("00a4000c023f00", "6A82");
    eid::Channel channel(card);
    CHECK(eid::select_master_file(channel).has_value());
    CHECK(eid::select_master_file(channel).has_value());
    CHECK(eid::select_master_file(channel).error().detail == 0x6A82);
}

TEST_CASE("card files: declared buffers are used only where the exact sizes stand") {
    const base::Bytes atr = hex("3B8A80018031F873F741E082900075");
    struct Row {
        const char* info;
        std::size_t read_bytes;
    };
    for (const Row& row :
         {Row{"7F660802021000020210009000", 4'096 - 35},
          Row{"7F66080202010002020100"
              "9000",
              256},
          Row{"6A82", 256}, Row{"7F6608020210009000", 256}, Row{"4303AABBCC9000", 256},
          Row{"7F66090202100002030100009000", limits::card_file_bytes_max}}) {
        CAPTURE(row.info);
        fakes::CardScript card;
        card.set_atr(atr);
        card.expect("00b0810000", row.info);
        eid::Channel channel(card);
        REQUIRE(eid::learn_buffers(channel, atr).has_value());
        CHECK(channel.read_bytes_max() == row.read_bytes);
    }
    fakes::CardScript silent;
    eid::Channel channel(silent);
    CHECK(eid::learn_buffers(channel, {}).has_value());
    CHECK(channel.read_bytes_max() == 256);
}
