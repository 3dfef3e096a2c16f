// SPDX-License-Identifier: EUPL-1.2
// An authority says what it did while another instance takes the withdrawal: what is answered was
// really said, and nobody falls over an ending of which nothing has been said yet.
#include <functional>

#include "tests/unit/sync/backend/service_world.hpp"

using backend::Param;
using backend::Rows;
using backend::Statement;
using backend::Store;
using test::anna;

namespace {

/// A store with somebody else between its steps.
class Crossed final : public Store {
  public:
    explicit Crossed(Store& store) : store_(store) {}
    base::Result<void> begin() override { return store_.begin(); }
    base::Result<void> commit() override {
        auto done = store_.commit();
        happen(after_commit);
        return done;
    }
    void rollback() noexcept override { store_.rollback(); }
    base::Result<Rows> run(const Statement& statement, std::span<const Param> params) override {
        if (std::string_view(statement.sql).starts_with("INSERT INTO status"))
            happen(before_status);
        return store_.run(statement, params);
    }
    base::Result<std::vector<Rows>> run_all(std::span<const backend::Query> queries) override {
        return store_.run_all(queries);
    }
    base::Result<Rows> run_many(const Statement& statement, std::span<const Param> params,
                                std::size_t columns) override {
        return store_.run_many(statement, params, columns);
    }
    base::Result<std::vector<Rows>> run_each(const Statement& statement,
                                             std::span<const Param> params,
                                             std::size_t columns) override {
        return store_.run_each(statement, params, columns);
    }
    base::Result<void> queue_many(const Statement& statement, std::span<const Param> params,
                                  std::size_t columns) override {
        return store_.queue_many(statement, params, columns);
    }
    base::Result<void> queue_each(const Statement& statement, std::span<const Param> params,
                                  std::size_t columns) override {
        return store_.queue_each(statement, params, columns);
    }

    std::function<void()> before_status;
    std::function<void()> after_commit;

  private:
    static void happen(std::function<void()>& act) {
        if (auto once = std::exchange(act, nullptr)) once();
    }
    Store& store_;
};

/// One declaration that an authority has seen, and its withdrawal, which the other instance takes
/// without showing it to anybody yet. Two connections to one database.
struct Two {
    Two() {
        REQUIRE(directory.add_authorities(test::directory_json).has_value());
        test::enrol(*theirs, terminal);
        id = story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
        REQUIRE(backend::ingest_batch(*theirs, terminal.id, terminal.batch(1, 1)).has_value());
        REQUIRE(backend::sequence(*theirs).has_value());
        REQUIRE(projector.catch_up().has_value());
        story.take_back(anna, id);
    }
    void take_withdrawal() {
        const auto taken = backend::ingest_advance(*theirs, terminal.id, terminal.advance({2}));
        REQUIRE(taken.has_value());
        CHECK(taken->added == 1);
    }
    /// The state that stands afterwards, as it is answered.
    std::string settle() {
        const auto settled =
            desk.settle("amt-b", id, {receipts::AppliedState::applied, std::string()});
        REQUIRE(settled.has_value());
        CHECK_FALSE(settled->refusal.has_value());
        const auto json = model::parse_json(settled->body, settled->body.size());
        REQUIRE(json.has_value());
        CHECK((*json)["declaration"] == base::to_text(id));
        return (*json)["state"].get<std::string>();
    }
    /// What this authority has said about the case as it stands now; nothing = "".
    std::string standing() {
        const auto item = backend::find_case(*theirs, "amt-b", id, "2026-11-20");
        REQUIRE(item.has_value());
        REQUIRE(item->has_value());
        withdrawn = (*item)->state == backend::CaseState::withdrawn;
        return (*item)->status ? (*item)->status->state : "";
    }

    std::unique_ptr<backend::StoreOpener> database = test::new_database();
    std::unique_ptr<Store> theirs = std::move(*database->open());
    std::unique_ptr<Store> own = std::move(*database->open());
    Crossed crossed{*own};
    test::SeededRandom random{77};
    test::ManualClock clock;
    crypto::KeyPair receipt_key = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair views_key = crypto::generate_key(crypto::Curve::p256, random);
    backend::Directory directory;
    backend::ReceiptIssuer issuer{"urn:test", {receipt_key, clock, random}};
    backend::Opener opener{{&views_key, 1}, random};
    backend::Projector projector{{*theirs, opener, directory, issuer, clock}};
    backend::Desk desk{{crossed, opener, directory, issuer, clock}};
    test::Terminal terminal{1, random};
    test::Story story{{terminal, views_key.point, random, test::start_ms}};
    base::Uuid id;
    bool withdrawn = false;
};

}  // namespace

TEST_CASE("desk: a withdrawal that comes right behind what an authority says changes no answer") {
    Two world;
    world.crossed.after_commit = [&] { world.take_withdrawal(); };
    CHECK(world.settle() == "applied");
    CHECK_MESSAGE(world.standing().empty(), "nothing was said about the withdrawal yet");
    CHECK(world.withdrawn);
    // From now on what is said is about the withdrawal, although the views have not filed it.
    CHECK(world.settle() == "applied");
    CHECK(world.standing() == "applied");
}

// SQLite has one writer, so there nobody comes in between.
TEST_CASE("desk: a withdrawal taken by another instance amid what an authority says" *
          doctest::skip(!test::on_postgresql())) {
    Two world;
    world.crossed.before_status = [&] { world.take_withdrawal(); };
    CHECK(world.settle() == "applied");
    CHECK(world.standing().empty());
    CHECK(world.withdrawn);
    REQUIRE(world.projector.catch_up().has_value());
    CHECK(world.standing().empty());
    CHECK(world.settle() == "applied");
    CHECK(world.standing() == "applied");
}
