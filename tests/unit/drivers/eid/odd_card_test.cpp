// SPDX-License-Identifier: EUPL-1.2
// Whole runs against cards and chains that differ from the usual: other buffers, other status
// words, other content, other certificates beside ours. Each must end with the same pseudonym.
#include <deque>

#include "drivers/eid/authenticate.hpp"
#include "drivers/pki/cv_builder.hpp"
#include "tests/unit/drivers/eid/world.hpp"

#include <doctest/doctest.h>

using base::Errc;
using eid_test::World;
using namespace std::chrono_literals;

namespace {

eid::Pseudonym usual_pseudonym() {
    World world;
    const auto result = world.read(world.request());
    REQUIRE(result.has_value());
    REQUIRE(result->pseudonym.has_value());
    return *result->pseudonym;
}

/// Hands answers over as a card with a small answer buffer does: a piece and 61xx, the rest by GET
/// RESPONSE; a GET RESPONSE with another length than it wants is corrected by 6Cxx first.
class Stingy final : public port::CardTransport {
  public:
    Stingy(port::CardTransport& card, std::size_t piece) : card_(card), piece_(piece) {}
    base::Result<base::Bytes> transmit(base::ByteView command) override {
        const bool get_response = command.size() == 5 && command[1] == 0xC0;
        if (!get_response) {
            rest_.clear();
            auto answer = card_.transmit(command);
            if (!answer || answer->size() - 2 <= piece_) return answer;
            rest_.assign(answer->begin(), answer->end());
            return status(0x61, 0);
        }
        ++get_responses;
        const std::size_t here = std::min(piece_, rest_.size() - 2);
        if (command[4] != here) return status(0x6C, here);
        base::Bytes out(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(here));
        rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(here));
        const base::Bytes end =
            rest_.size() > 2 ? status(0x61, 0) : base::Bytes(rest_.begin(), rest_.end());
        base::append(out, end);
        return out;
    }
    [[nodiscard]] bool extended_length() const override { return card_.extended_length(); }
    [[nodiscard]] std::size_t answer_bytes_max() const override { return reader_bytes; }
    [[nodiscard]] base::ByteView atr() const override { return card_.atr(); }
    unsigned get_responses = 0;
    std::size_t reader_bytes = 65'536;

  private:
    static base::Bytes status(std::uint8_t first, std::size_t second) {
        return {first, static_cast<std::uint8_t>(second)};
    }
    port::CardTransport& card_;
    std::size_t piece_;
    std::deque<std::uint8_t> rest_;
};

base::Bytes atr_with_capabilities(std::uint8_t third) {
    base::Bytes atr = card::answer_to_reset();
    atr[10] = third;
    return atr;
}

}  // namespace

TEST_CASE("odd card: 61xx and 6Cxx at every answer change nothing") {
    const auto expected = usual_pseudonym();
    for (const std::size_t piece : {8U, 16U, 100U, 255U}) {
        CAPTURE(piece);
        World world;
        Stingy stingy(*world.transport, piece);
        auto ports = world.ports();
        const auto result = eid::authenticate(
            world.request(), {stingy, ports.authenticator, ports.clock, ports.random});
        REQUIRE(result.has_value());
        CHECK(result->pseudonym == expected);
        CHECK(stingy.get_responses > 0);
    }
}

TEST_CASE("odd card: what the reader can carry bounds each read, whatever the card declares") {
    const auto expected = usual_pseudonym();
    for (const std::size_t reader_bytes : {261U, 291U, 292U, 600U, 4'096U}) {
        CAPTURE(reader_bytes);
        World world;
        Stingy reader(*world.transport, 65'536);
        reader.reader_bytes = reader_bytes;
        std::size_t longest = 0;
        world.transport->fault = [&](unsigned, base::ByteView, base::Bytes answer) {
            longest = std::max(longest, answer.size());
            return base::Result<base::Bytes>(std::move(answer));
        };
        auto ports = world.ports();
        const auto result = eid::authenticate(
            world.request(), {reader, ports.authenticator, ports.clock, ports.random});
        REQUIRE(result.has_value());
        CHECK(result->pseudonym == expected);
        CHECK(longest <= std::max<std::size_t>(reader_bytes, 256) + 2);
    }
}

TEST_CASE("odd card: without extended length it chains if its ATR says so, else envelopes") {
    const auto expected = usual_pseudonym();
    for (const std::uint8_t capabilities : base::Bytes{0xA0, 0x80, 0x00, 0x40, 0xC0}) {
        CAPTURE(capabilities);
        World world({.old_trust_point = true});
        world.transport->atr_bytes = atr_with_capabilities(capabilities);
        world.transport->extended = false;
        bool chained = false;
        bool enveloped = false;
        std::size_t longest = 0;
        world.transport->fault = [&](unsigned, base::ByteView command, base::Bytes answer) {
            chained = chained || (command[0] == 0x1C && command[1] == 0x2A);
            enveloped = enveloped || command[1] == 0xC2;
            longest = std::max(longest, command.size());
            return base::Result<base::Bytes>(std::move(answer));
        };
        const auto result = world.read(world.request());
        REQUIRE(result.has_value());
        CHECK(result->pseudonym == expected);
        const bool card_chains = (capabilities & 0x80U) != 0 && (capabilities & 0x40U) == 0;
        CHECK(chained == card_chains);
        CHECK(enveloped == !card_chains);
        CHECK(longest <= 5 + 255 + 1);
    }
}

TEST_CASE("odd card: a group that cannot be decoded is reported with its bytes, or ends the run") {
    const base::Bytes broken{0x65, 0x03, 0x0C, 0x01, 0xFF};
    const auto alter = [&](card::Person& person) { person.groups[5] = broken; };
    World world({.alter = alter});
    auto request = world.request();
    request.refusals = eid::Refusals::report;
    const auto result = world.read(std::move(request));
    REQUIRE(result.has_value());
    REQUIRE(result->refused.size() == 1);
    CHECK(result->refused[0].group == eid::DataGroup::family_names);
    CHECK(result->refused[0].error.code == Errc::data_group_bad);
    CHECK(result->refused[0].content == broken);
    CHECK(result->groups.contains(eid::DataGroup::place_of_residence));

    World strict({.alter = alter});
    CHECK(strict.read(strict.request()).error().code == Errc::data_group_bad);
}

TEST_CASE("odd card: groups beyond the certificate are not asked for; a lost card still ends all") {
    const auto rights = eid::right_read(4) | eid::right_restricted_id;
    World world({.rights = rights.bits});
    auto request = world.request();
    request.refusals = eid::Refusals::report;
    const auto result = world.read(std::move(request));
    REQUIRE(result.has_value());
    CHECK(result->rights == rights);
    CHECK(result->groups.size() == 1);
    CHECK(result->refused.size() == 4);
    for (const auto& refused : result->refused) CHECK(refused.error.code == Errc::right_missing);

    World pulled;
    auto again = pulled.request();
    again.refusals = eid::Refusals::report;
    pulled.transport->fault = [](unsigned index, base::ByteView, base::Bytes answer) {
        if (index == 22) return base::Result<base::Bytes>(base::fail(Errc::card_removed, "test"));
        return base::Result<base::Bytes>(std::move(answer));
    };
    CHECK(pulled.read(std::move(again)).error().code == Errc::card_removed);
}

TEST_CASE("odd card: a data group longer than one read comes whole") {
    const std::string name(700, 'A');
    const auto alter = [&](card::Person& person) {
        base::Bytes content{0x65, 0x82, 0x02, 0xC0, 0x0C, 0x82, 0x02, 0xBC};
        base::append(content, base::as_bytes(name));
        person.groups[5] = content;
    };
    for (const bool large_reads : {true, false}) {
        World world({.alter = alter});
        if (!large_reads) world.transport->atr_bytes.clear();
        const auto result = world.read(world.request());
        REQUIRE(result.has_value());
        CHECK(std::get<eid::Text>(result->groups.at(eid::DataGroup::family_names)).value == name);
    }
}

TEST_CASE("odd card: every curve and cipher of the norm that we have") {
    for (const char* name : {"brainpoolP256r1/192", "brainpoolP256r1/256", "brainpoolP384r1/256",
                             "brainpoolP512r1/256", "P-256/128", "P-384/192", "P-521/256"}) {
        CAPTURE(name);
        const auto suite = card::parse_suite(name);
        REQUIRE(suite.has_value());
        World world({.suite = *suite});
        auto request = world.request();
        request.trusted_csca = {world.chip->authority_certificate()};
        const auto result = world.read(std::move(request));
        REQUIRE(result.has_value());
        CHECK(result->passive_auth == eid::PassiveAuthLevel::verified);
        CHECK(result->pseudonym.has_value());
        World again({.suite = *suite});
        const auto wrong = again.read(again.request("000000"));
        CHECK(wrong.error().code == Errc::pin_wrong);
    }
}

TEST_CASE("odd card: certificates on other curves, with the hash that belongs to each") {
    using crypto::Curve;
    for (const Curve curve : {Curve::p256, Curve::p384, Curve::p521, Curve::brainpool_p384r1,
                              Curve::brainpool_p512r1}) {
        World world({.old_trust_point = true, .certificate_curve = curve});
        CHECK(world.read(world.request()).has_value());
    }
}
