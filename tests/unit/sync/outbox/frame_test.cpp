// SPDX-License-Identifier: EUPL-1.2
// The frame grammar as tables: round trips, every split, and each bound from both sides.
#include "sync/outbox/frame.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_journal.hpp"

namespace {

using base::Bytes;
using base::Errc;
using outbox::FrameReader;
using outbox::Towards;

/// Feeds in two parts; the frame, or the error.
base::Result<outbox::Frame> read(Towards side, const Bytes& bytes, std::size_t split) {
    FrameReader reader(side);
    const base::ByteView view(bytes);
    TRY(first, reader.feed(view.first(split)));
    TRY(second, reader.feed(view.subspan(first)));
    REQUIRE(first + second == bytes.size());
    REQUIRE(reader.done());
    return reader.take();
}

Bytes head(std::uint32_t length, std::uint8_t type) {
    Bytes bytes;
    base::append_u32(bytes, length);
    bytes.push_back(type);
    return bytes;
}

Errc error_of(Towards side, const Bytes& bytes) {
    FrameReader reader(side);
    const auto used = reader.feed(bytes);
    return used ? Errc::cancelled : used.error().code;
}

}  // namespace

TEST_CASE("frame: the layout is the drawn one") {
    CHECK(base::to_hex(outbox::write_request(outbox::PullBatch{})) == "0000000101");
    CHECK(base::to_hex(outbox::write_request(outbox::PullAdvance{})) == "0000000102");
    CHECK(base::to_hex(outbox::write_request(outbox::StoreReceipt{"a.b"})) == "0000000403612e62");
    CHECK(base::to_hex(outbox::write_request(outbox::LinkStatus{true, 258})) ==
          "0000000a04010000000000000102");
    CHECK(base::to_hex(outbox::write_request(outbox::AskCursor{})) == "0000000105");
    CHECK(base::to_hex(outbox::write_request(outbox::StoreEvent{7, "x"})) ==
          "0000000a06000000000000000778");
    CHECK(base::to_hex(outbox::write_request(outbox::AskLog{})) == "0000000107");
    CHECK(base::to_hex(outbox::write_request(outbox::StoreCheckpoint{"n", Bytes(32, 0xAA)})) ==
          "00000024080001"
          "6e"
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    CHECK(base::to_hex(outbox::write_answer(outbox::LogSize{1})) == "00000009870000000000000001");
    CHECK(base::to_hex(outbox::write_answer(outbox::BatchBody{"{}"})) == "00000003817b7d");
    CHECK(base::to_hex(outbox::write_answer(outbox::AdvanceBody{})) == "0000000182");
    CHECK(base::to_hex(outbox::write_answer(outbox::Done{410})) == "0000000383019a");
    CHECK(base::to_hex(outbox::write_answer(outbox::Cursor{1})) == "00000009850000000000000001");
}

TEST_CASE("frame: every request is read back, whole and split at every byte") {
    const outbox::Request requests[] = {outbox::PullBatch{},
                                        outbox::PullAdvance{},
                                        outbox::StoreReceipt{"e30.e30.AA-_"},
                                        outbox::LinkStatus{false, UINT64_MAX},
                                        outbox::AskCursor{},
                                        outbox::StoreEvent{UINT64_MAX, "a.b.c"},
                                        outbox::AskLog{},
                                        outbox::StoreCheckpoint{"note\n", Bytes(64, 1)},
                                        outbox::StoreChains{},
                                        outbox::StoreChains{{{1, 7, "a.b.c"}, {9, 1, ""}}},
                                        outbox::AskUnproven{},
                                        outbox::StoreInclusion{3, 9, Bytes(32, 2), Bytes(96, 1)},
                                        outbox::AskDownstream{},
                                        outbox::OfferFile{outbox::OfferFile::What::manifest, "{}"},
                                        outbox::StorePiece{{1, 2}, UINT64_MAX, "piece"}};
    for (const auto& request : requests) {
        const Bytes bytes = outbox::write_request(request);
        for (std::size_t split = 0; split <= bytes.size(); ++split) {
            const auto frame = read(Towards::kiosk, bytes, split);
            REQUIRE(frame);
            const auto back = outbox::read_request(*frame);
            REQUIRE(back);
            CHECK(back->index() == request.index());
            CHECK(outbox::write_request(*back) == bytes);
            // The other direction does not know it.
            CHECK(error_of(Towards::syncd, bytes) == Errc::message_bad);
            CHECK_FALSE(outbox::read_answer(*frame));
        }
    }
}

TEST_CASE("frame: every answer is read back, whole and split at every byte") {
    const outbox::Answer answers[] = {outbox::BatchBody{std::string("\0{\r\n", 4)},
                                      outbox::AdvanceBody{},
                                      outbox::Done{0},
                                      outbox::Cursor{0},
                                      outbox::Unproven{7, {}},
                                      outbox::Unproven{9, {1, 8}}};
    for (const auto& answer : answers) {
        const Bytes bytes = outbox::write_answer(answer);
        for (std::size_t split = 0; split <= bytes.size(); ++split) {
            const auto frame = read(Towards::syncd, bytes, split);
            REQUIRE(frame);
            const auto back = outbox::read_answer(*frame);
            REQUIRE(back);
            CHECK(outbox::write_answer(*back) == bytes);
            CHECK(error_of(Towards::kiosk, bytes) == Errc::message_bad);
            CHECK_FALSE(outbox::read_request(*frame));
        }
    }
}

TEST_CASE("frame: lengths at and beyond the bounds of each type") {
    struct Row {
        Towards side;
        std::uint8_t type;
        std::size_t length;
        Errc errc;  // cancelled = accepted
    };
    const std::size_t set_max = 1 + limits::set_bytes_max;
    const std::size_t batch_max = 1 + limits::batch_bytes_max;
    const std::size_t checkpoint_max =
        1 + 2 + limits::checkpoint_bytes_max + 32 * limits::log_proof_hashes_max;
    const Row rows[] = {
        {Towards::kiosk, 1, 0, Errc::message_bad},
        {Towards::kiosk, 1, 1, Errc::cancelled},
        {Towards::kiosk, 1, 2, Errc::message_too_large},
        {Towards::kiosk, 2, 2, Errc::message_too_large},
        {Towards::kiosk, 5, 2, Errc::message_too_large},
        {Towards::kiosk, 3, 1, Errc::message_bad},
        {Towards::kiosk, 3, 2, Errc::cancelled},
        {Towards::kiosk, 3, set_max, Errc::cancelled},
        {Towards::kiosk, 3, set_max + 1, Errc::message_too_large},
        {Towards::kiosk, 4, 9, Errc::message_bad},
        {Towards::kiosk, 4, 10, Errc::cancelled},
        {Towards::kiosk, 4, 11, Errc::message_too_large},
        {Towards::kiosk, 6, 9, Errc::message_bad},
        {Towards::kiosk, 6, 10, Errc::cancelled},
        {Towards::kiosk, 6, 8 + set_max, Errc::cancelled},
        {Towards::kiosk, 6, 9 + set_max, Errc::message_too_large},
        {Towards::kiosk, 0, 1, Errc::message_bad},
        {Towards::kiosk, 7, 1, Errc::cancelled},
        {Towards::kiosk, 7, 2, Errc::message_too_large},
        {Towards::kiosk, 8, 3, Errc::message_bad},
        {Towards::kiosk, 8, 4, Errc::cancelled},
        {Towards::kiosk, 8, checkpoint_max, Errc::cancelled},
        {Towards::kiosk, 8, checkpoint_max + 1, Errc::message_too_large},
        {Towards::kiosk, 9, 1, Errc::cancelled},
        {Towards::kiosk, 9, 1 + limits::chains_bytes_max, Errc::cancelled},
        {Towards::kiosk, 9, 2 + limits::chains_bytes_max, Errc::message_too_large},
        {Towards::kiosk, 10, 2, Errc::message_too_large},
        {Towards::kiosk, 11, 48, Errc::message_bad},
        {Towards::kiosk, 11, 49, Errc::cancelled},
        {Towards::kiosk, 11, 49 + 32 * limits::log_proof_hashes_max, Errc::cancelled},
        {Towards::kiosk, 11, 50 + 32 * limits::log_proof_hashes_max, Errc::message_too_large},
        {Towards::kiosk, 31, 1, Errc::message_bad},
        {Towards::kiosk, 128, 1, Errc::message_bad},
        {Towards::kiosk, 129, 1, Errc::message_bad},
        {Towards::kiosk, 255, 1, Errc::message_bad},
        {Towards::kiosk, 3, 0xFFFF'FFFF, Errc::message_too_large},
        {Towards::syncd, 129, 1, Errc::cancelled},
        {Towards::syncd, 129, batch_max, Errc::cancelled},
        {Towards::syncd, 129, batch_max + 1, Errc::message_too_large},
        {Towards::syncd, 130, batch_max + 1, Errc::message_too_large},
        {Towards::syncd, 131, 2, Errc::message_bad},
        {Towards::syncd, 131, 3, Errc::cancelled},
        {Towards::syncd, 131, 4, Errc::message_too_large},
        {Towards::syncd, 132, 3, Errc::message_bad},
        {Towards::syncd, 133, 8, Errc::message_bad},
        {Towards::syncd, 133, 9, Errc::cancelled},
        {Towards::syncd, 133, 10, Errc::message_too_large},
        {Towards::syncd, 135, 8, Errc::message_bad},
        {Towards::syncd, 135, 9, Errc::cancelled},
        {Towards::syncd, 135, 10, Errc::message_too_large},
        {Towards::syncd, 136, 8, Errc::message_bad},
        {Towards::syncd, 136, 9, Errc::cancelled},
        {Towards::syncd, 136, 10 + 8 * limits::inclusion_indexes_max, Errc::message_too_large},
    };
    for (const Row& row : rows) {
        CAPTURE(int{row.type});
        CAPTURE(row.length);
        CHECK(error_of(row.side, head(static_cast<std::uint32_t>(row.length), row.type)) ==
              row.errc);
    }
}

TEST_CASE("frame: payloads that break their layout") {
    using outbox::Type;
    const auto refused = [](Type type, const std::string& payload) {
        return !outbox::read_request({type, payload});
    };
    CHECK(refused(Type::receipt, ""));
    CHECK(refused(Type::receipt, "a b"));
    CHECK(refused(Type::receipt, "a\n"));
    CHECK(refused(Type::receipt, std::string("a\0", 2)));
    CHECK(refused(Type::receipt, "a="));
    CHECK_FALSE(refused(Type::receipt, "a"));
    CHECK(refused(Type::link, std::string(9, '\2')));
    CHECK_FALSE(refused(Type::link, std::string(9, '\1')));
    CHECK(refused(Type::event, std::string(8, '\0')));
    CHECK(refused(Type::event, std::string(9, '\0')));
    CHECK_FALSE(refused(Type::event, std::string(8, '\0') + "a"));
}

TEST_CASE("frame: bytes behind a frame belong to the next one") {
    Bytes two = outbox::write_request(outbox::StoreReceipt{"abc"});
    const std::size_t first = two.size();
    base::append(two, outbox::write_request(outbox::PullBatch{}));
    FrameReader reader(Towards::kiosk);
    const auto used = reader.feed(two);
    REQUIRE(used);
    CHECK(*used == first);
    CHECK(reader.feed(two).value() == 0);  // nothing more before take()
    CHECK(reader.take().payload == "abc");
    CHECK(reader.idle());
    REQUIRE(reader.feed(base::ByteView(two).subspan(first)));
    CHECK(reader.take().type == outbox::Type::pull_batch);
}

TEST_CASE("frame: a checkpoint has a note and whole hashes behind it") {
    const auto reads = [](const std::string& payload) {
        return outbox::read_request({outbox::Type::checkpoint, payload}).has_value();
    };
    const std::string hash(32, 'h');
    CHECK(reads(std::string("\0\1n", 3)));
    CHECK(reads(std::string("\0\1n", 3) + hash + hash));
    CHECK_FALSE(reads(std::string("\0\0", 2)));
    CHECK_FALSE(reads(std::string("\0\2n", 3)));
    CHECK_FALSE(reads(std::string("\0\1n", 3) + hash + "h"));
    std::string many;
    for (std::size_t i = 0; i <= limits::log_proof_hashes_max; ++i) many += hash;
    CHECK_FALSE(reads(std::string("\0\1n", 3) + many));
}

TEST_CASE("frame: chains ascend, and their heads are compact words of a bounded length") {
    const auto reads = [](const std::vector<outbox::ChainStand>& chains) {
        const Bytes bytes = outbox::write_request(outbox::StoreChains{chains});
        const auto payload = base::as_text(bytes).substr(5);
        return outbox::read_request({outbox::Type::chains, std::string(payload)}).has_value();
    };
    CHECK(reads({{1, 1, ""}, {2, INT64_MAX, "a.b"}}));
    CHECK(reads({{UINT32_MAX, 5, std::string(limits::chain_head_bytes_max, 'a')}}));
    CHECK_FALSE(reads({{UINT32_MAX, 5, std::string(limits::chain_head_bytes_max + 1, 'a')}}));
    CHECK_FALSE(reads({{0, 1, ""}}));
    CHECK_FALSE(reads({{1, 0, ""}}));
    CHECK_FALSE(reads({{2, 1, ""}, {2, 1, ""}}));
    CHECK_FALSE(reads({{3, 1, ""}, {2, 1, ""}}));
    CHECK_FALSE(reads({{1, 1, "a b"}}));
    std::vector<outbox::ChainStand> many;
    for (std::uint32_t i = 1; i <= limits::epochs_max; ++i) many.push_back({i, 1, ""});
    CHECK(reads(many));
    many.push_back({limits::epochs_max + 1, 1, ""});
    CHECK_FALSE(reads(many));
    for (const std::size_t size : {1U, 13U, 15U})
        CHECK_FALSE(outbox::read_request({outbox::Type::chains, std::string(size, '\1')}));
}

TEST_CASE("frame: proofs of inclusion and wanted places are whole hashes and numbers") {
    const auto reads = [](std::size_t size) {
        return outbox::read_request({outbox::Type::inclusion, std::string(size, 'x')}).has_value();
    };
    CHECK(reads(48));
    CHECK(reads(48 + 32));
    CHECK_FALSE(reads(47));
    CHECK_FALSE(reads(49));
    const auto answers = [](std::size_t size) {
        return outbox::read_answer({outbox::Type::unproven, std::string(size, 'x')}).has_value();
    };
    CHECK(answers(8));
    CHECK(answers(16));
    CHECK_FALSE(answers(7));
    CHECK_FALSE(answers(12));
}
