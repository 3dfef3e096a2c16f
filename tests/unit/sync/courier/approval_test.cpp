// SPDX-License-Identifier: EUPL-1.2
// Two people agree to an export, or it does not happen.
#include "sync/courier/approval.hpp"

#include <doctest/doctest.h>

#include <string>

#include "drivers/base/limits_courier.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"
#include "tests/fakes/journal_world.hpp"

using base::Errc;

namespace {

constexpr std::uint64_t now_ms = 1'764'000'000'000;
const base::Uuid terminal = *base::parse_uuid("0190a0b0-0000-7000-8000-000000000001");

struct Person {
    std::string name;
    std::string role;
    crypto::KeyPair key;
};

/// Two technicians, two of the staff, and one who has a key for either role.
struct People {
    People() : random(9) {
        for (const auto& [name, role] :
             {std::pair{"Ada", "technician"}, std::pair{"Bo", "technician"},
              std::pair{"Cem", "staff"}, std::pair{"Dana", "staff"}, std::pair{"Eli", "technician"},
              std::pair{"Eli", "staff"}}) {
            all.push_back({name, role, crypto::generate_key(crypto::Curve::p256, random)});
        }
        request.terminal = terminal;
        request.id = base::make_uuid7(now_ms, {1});
        request.expires_ms = now_ms + 600'000;
    }
    [[nodiscard]] static std::string entry(const Person& person) {
        return model::JsonWriter()
            .text("person", person.name)
            .text("role", person.role)
            .raw("key", seal::write_public_jwk({"", person.key.point}))
            .done();
    }
    [[nodiscard]] std::string file() const {
        std::vector<std::string> items;
        for (const Person& each : all) items.push_back(entry(each));
        return model::JsonWriter().raw("approvers", model::json_array(items)).done();
    }
    /// Signed by these people, in this order.
    std::string sign(const std::vector<std::size_t>& who) {
        std::string text;
        for (const std::size_t index : who) {
            const Person& person = all.at(index);
            seal::PairSigner signer(person.key, random);
            const seal::GeneralSigner one{{{}, seal::thumbprint(person.key.point), person.role, {}},
                                          &signer};
            auto next = text.empty() ? courier::sign_request(request, one)
                                     : courier::add_approval(text, one);
            REQUIRE(next);
            text = *next;
        }
        return text;
    }
    base::Result<courier::ExportRequest> verify(std::string_view text) {
        const auto approvers = courier::parse_approvers(file());
        REQUIRE(approvers);
        return courier::verify_request(text, *approvers, terminal, now_ms);
    }

    fakes::SeededRandom random;
    std::vector<Person> all;
    courier::ExportRequest request;
};

}  // namespace

TEST_CASE("courier approval: a technician and one of the staff together, in any order") {
    People people;
    const auto verified = people.verify(people.sign({0, 2}));
    REQUIRE(verified);
    CHECK(verified->id == people.request.id);
    CHECK(people.verify(people.sign({3, 1})));
    CHECK(people.verify(people.sign({4, 5, 2})));  // Eli as a technician, and Cem
    CHECK(people.verify(people.sign({0, 5})));     // Ada, and Eli as one of the staff
    CHECK(courier::read_request(people.sign({0}))->expires_ms == people.request.expires_ms);
}

TEST_CASE("courier approval: anything less than two different people in two roles is refused") {
    People people;
    for (const auto& who : std::vector<std::vector<std::size_t>>{
             {0}, {2}, {0, 1}, {2, 3}, {0, 0}, {2, 2, 2}, {4, 5}, {4}, {5}}) {
        const auto verified = people.verify(people.sign(who));
        REQUIRE_FALSE(verified);
        CHECK(verified.error().code == Errc::manifest_untrusted);
    }
}

TEST_CASE("courier approval: a stranger, a forged role and a changed request do not count") {
    People people;
    const auto approvers = courier::parse_approvers(people.file());
    const auto code = [&](const std::string& text) {
        const auto verified = courier::verify_request(text, *approvers, terminal, now_ms);
        return verified ? base::Errc::cancelled : verified.error().code;
    };
    people.all.push_back(
        {"Finn", "staff", crypto::generate_key(crypto::Curve::p256, people.random)});
    CHECK(code(people.sign({0, 6})) == Errc::manifest_untrusted);
    people.all[1].role = "staff";  // Bo signs in a role that is not his
    CHECK(code(people.sign({0, 1})) == Errc::manifest_untrusted);
    // Two good signatures under another request.
    const std::string good = people.sign({0, 2});
    people.request.expires_ms += 1;
    const std::string later = people.sign({0, 2});
    const auto payload_of = [](const std::string& text) {
        return text.substr(0, text.find("\"signatures\""));
    };
    CHECK(code(payload_of(later) + good.substr(payload_of(good).size())) == Errc::signature_bad);
    CHECK(code("") == Errc::message_bad);
    CHECK(code("{}") == Errc::message_bad);
    CHECK(code(std::string(limits::courier_request_bytes_max + 1, ' ')) == Errc::message_bad);
}

TEST_CASE("courier approval: only for this terminal, and only for an hour") {
    People people;
    const auto code = [&] {
        const auto verified = people.verify(people.sign({0, 2}));
        return verified ? base::Errc::cancelled : verified.error().code;
    };
    people.request.expires_ms = now_ms + 1;
    CHECK(code() == Errc::cancelled);
    people.request.expires_ms = now_ms;
    CHECK(code() == Errc::manifest_expired);
    people.request.expires_ms = now_ms + limits::courier_request_ms_max;
    CHECK(code() == Errc::cancelled);
    people.request.expires_ms = now_ms + limits::courier_request_ms_max + 1;
    CHECK(code() == Errc::manifest_expired);
    people.request.expires_ms = now_ms + 1;
    people.request.terminal = *base::parse_uuid("0190a0b0-0000-7000-8000-000000000002");
    CHECK(code() == Errc::peer_not_allowed);
}

TEST_CASE("courier approval: the list of approvers is strict") {
    People people;
    CHECK(courier::parse_approvers(people.file())->size() == 6);
    const auto bad = [](const std::string& text) {
        const auto parsed = courier::parse_approvers(text);
        return !parsed && parsed.error().code == Errc::config_bad;
    };
    CHECK(bad(""));
    CHECK(bad("{\"approvers\":[1]}"));
    CHECK(bad("{}"));
    std::string text = people.file();
    CHECK(bad(text.replace(text.find("technician"), 10, "manager")));
    // One key for two people.
    const std::string twice = people.entry(people.all[0]);
    people.all[0].name = "Bo";
    CHECK(bad("{\"approvers\":[" + twice + "," + people.entry(people.all[0]) + "]}"));
}
