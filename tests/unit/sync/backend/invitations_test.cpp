// SPDX-License-Identifier: EUPL-1.2
// An invitation slip makes the match of person and file: exactly, once, and for its person alone.

#include "sync/model/times.hpp"
#include "sync/receipts/insight.hpp"
#include "sync/seal/invitation.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using test::anna;
using test::is_problem;

namespace {

struct World : test::ServiceWorld {
    crypto::KeyPair office = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair session = crypto::generate_key(crypto::Curve::p256, random);

    World() {
        const std::string key = seal::write_public_jwk({"", office.point});
        REQUIRE(directory.add_authorities(
            R"({"amt-b":{"name":"Amt B","secret":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA","slip_key":)" +
            key + "}}"));
    }
    std::string slip(std::uint8_t id, const std::string& file,
                     const std::string& authority = "amt-b", const char* until = "2026-12-01") {
        seal::PairSigner signer(office, random);
        const auto sealed =
            seal::seal_invited_file({file, anna.birth_date}, {"", views_key.point}, random);
        return *seal::sign_invitation(
            {model::AuthorityId(authority), test::uuid(id), model::EntryId("JBA-03"),
             *model::parse_date(until), *sealed},
            signer);
    }
    http::Response hand_in(const std::string& code, std::uint8_t person,
                           const std::string& birth_date) {
        receipts::InsightRequest wish;
        wish.terminal = terminal.id;
        wish.subject = {model::SubjectKind::pseudonym, base::Bytes(32, person)};
        wish.session = session.point;
        wish.invitation = receipts::InsightInvitation{code, birth_date};
        seal::PairSigner signer(terminal.key, random);
        http::Request request;
        request.method = http::Method::post;
        request.path = terminal_path("insight");
        request.body = *receipts::seal_insight_request(wish, signer, {"", views_key.point}, random);
        request.headers = {{"content-type", "application/jose"}};
        request.peer = http::Peer{"terminal", base::to_text(terminal.id)};
        return service.handle(request);
    }
    bool refused(const http::Response& response) {
        return is_problem(response, 409) && response.body.find("slip-refused") != std::string::npos;
    }
};

}  // namespace

TEST_CASE("invitations: the slip ties the person to the file before anybody has looked") {
    World world;
    CHECK(world.hand_in(world.slip(1, "4711/26"), anna.number, anna.birth_date).status == 200);
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    CHECK(world.items("amt-b")[0]["file_number"] == "4711/26");
    CHECK(world.items("amt-a")[0]["file_number"].is_null());
    CHECK(world.json(world.get(
              "amt-b", "/v1/usable?file_number=4711%2F26&entry=JBA-03"))["may_use"] == true);
}

TEST_CASE("invitations: once, by its person, and never over a case worker's own match") {
    World world;
    const std::string code = world.slip(1, "4711/26");
    CHECK_MESSAGE(world.refused(world.hand_in(code, 9, "1990-05-06")), "a found letter");
    CHECK(world.hand_in(code, anna.number, anna.birth_date).status == 200);
    CHECK_MESSAGE(world.hand_in(code, anna.number, anna.birth_date).status == 200, "repeated");
    CHECK_MESSAGE(world.refused(world.hand_in(code, 9, anna.birth_date)), "used up");
    CHECK_MESSAGE(
        world.refused(world.hand_in(world.slip(2, "4712/26"), anna.number, anna.birth_date)),
        "she has a file already");
    // What was refused is not used up.
    CHECK(world.hand_in(world.slip(2, "4712/26"), 9, anna.birth_date).status == 200);
}

TEST_CASE("invitations: only a slip of an authority with a registered key, in its time") {
    World world;
    for (const std::string& code :
         {world.slip(1, "1", "amt-a"), world.slip(1, "1", "amt-x"),
          world.slip(1, "1", "amt-b", "2026-11-17"), std::string("a.b.c")}) {
        CHECK(world.refused(world.hand_in(code, anna.number, anna.birth_date)));
    }
    CHECK(world.hand_in(world.slip(1, "1", "amt-b", "2026-11-18"), anna.number, anna.birth_date)
              .status == 200);
}
