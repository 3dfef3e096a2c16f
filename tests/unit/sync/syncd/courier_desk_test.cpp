// SPDX-License-Identifier: EUPL-1.2
// What is asked of the courier, by files, and what it answers: two people for an export, once; and
// a request never stays.
#include "sync/syncd/courier_desk.hpp"

#include <poll.h>

#include <filesystem>
#include <fstream>

#include "sync/courier/approval.hpp"
#include "sync/seal/jwk.hpp"
#include "tests/unit/sync/syncd/courier_world.hpp"
#include "tests/unit/sync/syncd/folder.hpp"

namespace {

/// The stick of a test as the desk opens it: the same one each time.
class Borrowed final : public port::UsbStore {
  public:
    explicit Borrowed(port::UsbStore& stick) : stick_(stick) {}
    base::Result<Listing> list(std::string_view folder) override { return stick_.list(folder); }
    base::Result<std::string> read(std::string_view path, std::size_t bytes_max) override {
        return stick_.read(path, bytes_max);
    }
    base::Result<void> write(std::string_view path, std::string_view bytes) override {
        return stick_.write(path, bytes);
    }
    base::Result<void> rename(std::string_view path, std::string_view name) override {
        return stick_.rename(path, name);
    }
    base::Result<void> remove(std::string_view path) override { return stick_.remove(path); }
    base::Result<void> sync(std::string_view folder) override { return stick_.sync(folder); }

  private:
    port::UsbStore& stick_;
};

/// A kiosk's side of what comes down: writes down what it is offered, or refuses it.
class Sink final : public outbox::DownstreamSink {
  public:
    base::Result<outbox::DownstreamState> state() override { return outbox::DownstreamState{}; }
    base::Result<void> offer(const outbox::OfferFile& file) override {
        if (file.file == "forged") return base::fail(base::Errc::manifest_untrusted, "test");
        offered.push_back(file.file);
        return {};
    }
    base::Result<void> store(const outbox::StorePiece&) override { return {}; }
    std::vector<std::string> offered;
};

struct DeskWorld : test::CourierWorld {
    DeskWorld()
        : technician(crypto::generate_key(crypto::Curve::p256, world.random)),
          staff(crypto::generate_key(crypto::Curve::p256, world.random)) {
        folder.write("approvers.json", "{\"approvers\":[" + entry("t-1", "technician", technician) +
                                           "," + entry("s-1", "staff", staff) + "]}");
        start();
    }
    void start() {
        auto opened = syncd::CourierDesk::open(
            {world.terminal, folder.at("stick"), folder.at("requests"), folder.at("approvers.json"),
             folder.at("courier.json")},
            {kiosk, world.clock, [this]() -> base::Result<std::unique_ptr<port::UsbStore>> {
                 if (!inserted) return base::fail(base::Errc::device_absent, "test");
                 return std::unique_ptr<port::UsbStore>(new Borrowed(stick));
             }});
        REQUIRE(opened);
        desk = std::move(*opened);
    }
    static std::string entry(const char* person, const char* role, const crypto::KeyPair& key) {
        return model::JsonWriter()
            .text("person", person)
            .text("role", role)
            .raw("key", seal::write_public_jwk({"", key.point}))
            .done();
    }
    /// A request with a fresh id, signed by both or by the technician alone.
    std::string request(bool both = true) {
        courier::ExportRequest asked{world.terminal, base::make_uuid7(1, {++requests}),
                                     world.clock.wall + 60'000};
        seal::PairSigner first(technician, world.random);
        seal::PairSigner second(staff, world.random);
        auto text = courier::sign_request(
            asked, {{{}, seal::thumbprint(technician.point), "technician", {}}, &first});
        REQUIRE(text);
        if (!both) return *text;
        auto agreed = courier::add_approval(
            *text, {{{}, seal::thumbprint(staff.point), "staff", {}}, &second});
        REQUIRE(agreed);
        return *agreed;
    }
    /// Puts a request there as others do, and lets the desk act.
    model::Json ask(const std::string& name, const std::string& text = "") {
        folder.write("requests/" + name + ".part", text);
        std::filesystem::rename(folder.at("requests/" + name + ".part"),
                                folder.at("requests/" + name));
        pollfd watched{desk->descriptor(), POLLIN, 0};
        CHECK(::poll(&watched, 1, 1'000) == 1);
        desk->turn();
        CHECK_FALSE(std::filesystem::exists(folder.at("requests/" + name)));
        return result();
    }
    model::Json result() const {
        std::ifstream file(folder.at("requests/result.json"), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const auto json = model::parse_json(text, 100'000);
        REQUIRE(json);
        return *json;
    }

    test::Folder folder;
    crypto::KeyPair technician;
    crypto::KeyPair staff;
    bool inserted = true;
    std::uint8_t requests = 0;
    std::unique_ptr<syncd::CourierDesk> desk;
};

}  // namespace

TEST_CASE("courier desk: export, verify after mounting, import, each with its numbers") {
    DeskWorld world;
    for (int i = 0; i < 4; ++i) world.declare(fakes::consent(7));
    const auto out = world.ask("export.jws", world.request());
    CHECK(out["ok"] == true);
    CHECK(out["action"] == "export");
    CHECK(out["state"] == "written");
    CHECK(out["files"] == 2);
    CHECK(world.unsent() == 4);
    world.start();  // a restart of syncd between the two forgets nothing
    const auto verified = world.ask("verify");
    CHECK(verified["ok"] == true);
    CHECK(verified["state"] == "verified");
    CHECK(verified["bytes"] == out["bytes"]);
    world.answer();
    const auto in = world.ask("import");
    CHECK(in["ok"] == true);
    CHECK(in["receipts"] == 2);
    CHECK(in["checkpoint"] == true);
    CHECK(in["refused"].empty());
    CHECK(world.unsent() == 0);
}

TEST_CASE("courier desk: without two people nothing leaves the terminal") {
    DeskWorld world;
    world.declare(fakes::consent(7));
    const auto refused = [&](const std::string& text, int errc) {
        const auto answer = world.ask("export.jws", text);
        CHECK(answer["ok"] == false);
        CHECK(answer["errc"] == errc);
        CHECK(world.stick.files().empty());
    };
    refused("", 508);
    refused("{}", 508);
    refused(world.request(false), 709);
    refused(std::string(20'000, 'x'), 507);
    std::filesystem::remove(world.folder.at("approvers.json"));
    refused(world.request(), 603);
    world.folder.write("approvers.json", "{\"approvers\":[]}");
    refused(world.request(), 709);
}

TEST_CASE("courier desk: one agreement is good for one export, also after a restart") {
    DeskWorld world;
    world.declare(fakes::consent(7));
    const std::string request = world.request();
    SUBCASE("that worked") {
        CHECK(world.ask("export.jws", request)["ok"] == true);
    }
    SUBCASE("that failed half-way") {
        world.stick.fail_at({2, fakes::UsbStick::Fault::refuse, 28, true});
        const auto full = world.ask("export.jws", request);
        CHECK(full["errc"] == 603);
    }
    const auto again = world.ask("export.jws", request);
    CHECK(again["ok"] == false);
    CHECK(again["errc"] == 710);
    world.start();
    CHECK(world.ask("export.jws", request)["errc"] == 710);
    CHECK(world.ask("export.jws", world.request())["ok"] == true);
}

TEST_CASE("courier desk: a missing stick uses no agreement up") {
    DeskWorld world;
    world.declare(fakes::consent(7));
    const std::string request = world.request();
    world.inserted = false;
    CHECK(world.ask("export.jws", request)["errc"] == 601);
    CHECK(world.ask("import")["errc"] == 601);
    world.inserted = true;
    CHECK(world.ask("verify")["errc"] == 606);  // there was no export
    CHECK(world.ask("export.jws", request)["ok"] == true);
}

TEST_CASE("courier desk: refused answers are told one by one, in fixed words") {
    DeskWorld world;
    world.declare(fakes::consent(7));
    CHECK(world.ask("export.jws", world.request())["ok"] == true);
    world.answer();
    world.stick.damage(courier::folder_of(courier::Direction::in, world.world.terminal) +
                       "/batch-0001-receipts.json");
    const auto in = world.ask("import");
    CHECK(in["ok"] == true);
    REQUIRE(in["refused"].size() == 1);
    CHECK(in["refused"][0]["name"] == "batch-0001-receipts.json");
    CHECK(in["refused"][0]["errc"] == 606);
    CHECK(world.unsent() == 1);
}

TEST_CASE("courier desk: a damaged memory is none, and links in the folder are not followed") {
    DeskWorld world;
    world.declare(fakes::consent(7));
    CHECK(world.ask("export.jws", world.request())["ok"] == true);
    world.folder.write("courier.json", "{\"used\":[1],\"state\":\"written\"}");
    world.start();
    CHECK(world.ask("verify")["errc"] == 606);
    std::filesystem::create_symlink(world.folder.at("approvers.json"),
                                    world.folder.at("requests/import"));
    world.desk->turn();
    CHECK(world.result()["ok"] == false);
    CHECK_FALSE(std::filesystem::is_symlink(world.folder.at("requests/import")));
    CHECK(std::filesystem::exists(world.folder.at("approvers.json")));
}

TEST_CASE(
    "courier desk: files for every terminal come by the same stick, apart from the receipts") {
    DeskWorld world;
    Sink sink;
    world.source.sink = &sink;
    world.declare(fakes::consent(7));
    const auto put = [&](const std::string& bytes) {
        std::filesystem::create_directories(world.folder.at("stick/freigabe/downstream"));
        world.folder.write("stick/freigabe/downstream/manifest.jws", bytes);
        world.stick.put("freigabe/downstream/manifest.jws", bytes);
    };
    CHECK(world.ask("import")["errc"] == 606);  // neither
    put("signed by two of three");
    const auto alone = world.ask("import");
    CHECK(alone["ok"] == true);
    CHECK(alone["downstream"] == true);
    CHECK(alone["receipts"] == 0);
    CHECK(sink.offered == std::vector<std::string>{"signed by two of three"});
    CHECK(world.ask("export.jws", world.request())["ok"] == true);
    world.answer();
    put("forged");
    const auto both = world.ask("import");
    CHECK(both["ok"] == true);
    CHECK(both["downstream"] == false);
    CHECK(both["downstream_errc"] == 709);
    CHECK(world.unsent() == 0);
}
