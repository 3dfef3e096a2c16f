// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/cluster.hpp"

#include "drivers/base/check.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/backend/log/log_names.hpp"
#include "sync/backend/log/nodes.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"
#include "sync/model/batch.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/chain.hpp"

namespace sim {
namespace {

constexpr const char* issuer_name = "https://backend.example";
constexpr const char* directory_json = R"({
    "amt-a":{"name":"Amt A","secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    "amt-b":{"name":"Amt B","secret":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"},
    "amt-c":{"name":"Amt C","secret":"CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA"}})";
/// A code outlives every world.
constexpr std::uint64_t invitation_ms = 3'650ULL * 86'400'000;

constexpr backend::Statement read_size{"SELECT log_size FROM log_state WHERE id = 1"};
constexpr backend::Statement all_entries{"SELECT leaf FROM log_entry ORDER BY log_index"};
constexpr backend::Statement next_free{
    "SELECT COALESCE(MAX(seq), 0) + 1 FROM record WHERE terminal = $1 AND epoch = $2"};
constexpr backend::Statement add_record{
    "INSERT INTO record (terminal, epoch, seq, leaf, header, scopes, jwe)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)"};

http::Response with_receipt(const std::string& set) {
    return http::make_response(
        200, "application/json",
        model::JsonWriter().raw("receipts", "[" + model::json_quote(set) + "]").done());
}

bool is_batch(const http::Request& request) {
    return request.method == http::Method::post && request.path.ends_with("/batches");
}

}  // namespace

/// Every part of one process, as Backend::State has them. Built anew at each start.
struct Cluster::Instance {
    Instance(Cluster& cluster, std::uint64_t seed)
        : random(seed),
          clock(cluster.context_),
          store(cluster.context_, cluster.store_),
          issuer(cluster.log_name_, {cluster.receipt_key_, clock, random}),
          opener({&cluster.views_key_, 1}, random),
          projector({store, opener, cluster.directory_, issuer, clock}),
          desk({store, opener, cluster.directory_, issuer, clock}),
          feed({store, issuer, clock}),
          accesses({store, opener, clock}),
          exchange({store, accesses, cluster.directory_, clock}),
          authority_routes({desk, projector, feed, exchange, cluster.directory_}),
          terminal_routes({store, issuer, clock, counters, nobody, contacts}),
          log_signer(cluster.log_name_, {&cluster.receipt_key_, 1}, random),
          log({store, log_signer, counters}),
          service({store, clock, counters, &terminal_routes, &authority_routes, nullptr, nullptr,
                   log, nullptr, contacts, ""}) {}

    struct Nobody final : backend::LogListener {
        void log_grew() override {}
    };
    Dice random;
    MachineClock clock;
    GateStore store;
    backend::ReceiptIssuer issuer;
    backend::Opener opener;
    backend::Projector projector;
    backend::Desk desk;
    backend::ChangeFeed feed;
    backend::AccessBook accesses;
    backend::ExchangeRoutes exchange;
    backend::AuthorityRoutes authority_routes;
    backend::Counters counters;
    backend::Contacts contacts;
    Nobody nobody;
    backend::TerminalRoutes terminal_routes;
    backend::LogSigner log_signer;
    backend::LogRoutes log;
    backend::Service service;
};

Cluster::Cluster(Context& context)
    : context_(context),
      random_(context.dice.next()),
      receipt_key_(crypto::generate_key(crypto::Curve::p256, random_)),
      views_key_(crypto::generate_key(crypto::Curve::p256, random_)),
      log_name_(issuer_name),
      disk_(std::make_unique<crash::PowerCutDisk>(context.dice.next())) {
    CHECK(directory_.add_authorities(directory_json).has_value());
    if (context.mutant == Mutant::ack_before_durable_backend) disk_->ignore_log_syncs();
    open_store();
}

Cluster::~Cluster() = default;

void Cluster::open_store() {
    auto store = backend::SqliteStore::open("/backend.db", disk_->vfs_name());
    CHECK(store.has_value());
    store_ = std::move(*store);
}

void Cluster::stop_all() {
    for (auto& instance : running_) instance.reset();
    store_.reset();
}

/// As Backend::start does it.
bool Cluster::start(std::size_t number) {
    auto& place = running_.at(number);
    if (place) return true;
    place = std::make_unique<Instance>(*this, context_.dice.next());
    const bool ready = backend::sequence(place->store).has_value() &&
                       backend::complete_nodes(place->store).has_value();
    if (!ready) place.reset();
    return ready;
}

void Cluster::kill(std::size_t instance) {
    ++context_.crashes;
    running_.at(instance).reset();
}

void Cluster::power_cut() {
    ++context_.crashes;
    stop_all();
    disk_->power_cycle();
    open_store();
}

void Cluster::restore(const crash::PowerCutDisk::Image& image) {
    stop_all();
    disk_->restore(image);
    open_store();
}

std::string Cluster::begin_next_log() {
    log_name_ = std::string(issuer_name) + ":log2";
    CHECK(backend::enter_log(*store_, log_name_).has_value());
    return log_name_;
}

std::vector<model::Digest> Cluster::log_leaves() {
    std::vector<model::Digest> leaves;
    for (const auto& row : ask(all_entries, {}))
        leaves.push_back(backend::array_of<32>(row.bytes(0)));
    return leaves;
}

base::Result<http::Response> Cluster::handle(std::size_t number, const http::Request& request) {
    const auto unreachable = base::fail(base::Errc::network_unreachable, "instance");
    if (!start(number)) return unreachable;
    Instance& instance = *running_.at(number);
    const Weather& weather = context_.weather;
    Dice& dice = context_.dice;
    if (dice.chance(weather.backend_kill)) instance.store.kill_after(dice.below(40));
    if (dice.chance(weather.backend_power)) disk_->cut_after(dice.below(60));
    if (dice.chance(weather.backend_busy)) instance.store.be_busy();
    http::Response response = answer(instance, request);
    if (disk_->dead()) {
        context_.trace.note("power cut at instance " + std::to_string(number));
        power_cut();
        return unreachable;
    }
    // Armed and not reached: this time the fault does not happen, nor while a judge looks.
    disk_->cut_after(UINT64_MAX);
    if (instance.store.dead()) {
        context_.trace.note("instance killed " + std::to_string(number));
        kill(number);
        return unreachable;
    }
    instance.store.kill_after(UINT64_MAX);
    return response;
}

http::Response Cluster::answer(Instance& instance, const http::Request& request) {
    if (context_.mutant == Mutant::no_dedup_no_chain_check && is_batch(request)) {
        return naive_ingest(instance, request);
    }
    const bool asks_log = request.path.starts_with("/v1/log/");
    if (context_.mutant == Mutant::old_backup_unnoticed && context_.set_back && asks_log) {
        return http::make_problem(503, "busy", "Later");
    }
    http::Response response = instance.service.handle(request);
    if (context_.mutant == Mutant::ack_a_fork && is_batch(request) && response.status == 409) {
        return receipt_for_anything(instance, request);
    }
    return response;
}

/// Mutant: whatever comes is appended at the next free place, as a store of files would do it.
http::Response Cluster::naive_ingest(Instance& instance, const http::Request& request) {
    const auto batch = model::parse_batch(request.body);
    if (!batch) return http::make_problem(400, "message-bad", "No batch");
    for (const model::Record& record : batch->records) {
        const auto checked = seal::check_record(record);
        if (!checked) return http::make_problem(400, "record-bad", "Damaged");
        const auto& terminal = batch->terminal.get();
        const auto place = store_->run(next_free, {terminal, std::int64_t{batch->epoch}});
        if (!place) return http::make_problem(500, "internal", "Disk");
        const std::int64_t seq = place->at(0).number(0);
        const auto added =
            store_->run(add_record, {terminal, std::int64_t{batch->epoch}, seq, checked->leaf,
                                     record.header, record.scopes, record.jwe});
        if (!added) return http::make_problem(500, "internal", "Disk");
    }
    return receipt_for_anything(instance, request);
}

/// Mutant: a receipt for what was sent, wherever it went.
http::Response Cluster::receipt_for_anything(Instance& instance, const http::Request& request) {
    const auto batch = model::parse_batch(request.body);
    if (!batch) return http::make_problem(400, "message-bad", "No batch");
    std::vector<backend::LoggedRecord> records;
    for (const model::Record& record : batch->records) {
        const auto checked = seal::check_record(record);
        if (!checked) return http::make_problem(400, "record-bad", "Damaged");
        records.push_back({checked->header.key.seq, checked->leaf, record.header, 0});
    }
    const auto set = instance.issuer.received({batch->terminal, batch->epoch, batch->from},
                                              receipts::Lane::chain, records, log_size());
    CHECK(set.has_value());
    return with_receipt(*set);
}

void Cluster::project(std::size_t number) {
    if (!start(number)) return;
    Instance& instance = *running_.at(number);
    if (context_.dice.chance(context_.weather.backend_kill)) {
        instance.store.kill_after(context_.dice.below(40));
    }
    (void)instance.projector.step().has_value();  // a step that failed is done again some day
    if (instance.store.dead())
        kill(number);
    else
        instance.store.kill_after(UINT64_MAX);
}

std::string Cluster::invite(const base::Uuid& terminal) {
    const auto code = backend::invite(
        *store_, {terminal, "Musterstadt", context_.now_ms + invitation_ms}, random_);
    CHECK(code.has_value());
    return *code;
}

backend::Rows Cluster::ask(const backend::Statement& statement, backend::Params params) {
    auto rows = store_->run(statement, params);
    CHECK(rows.has_value());
    return std::move(*rows);
}

std::uint64_t Cluster::log_size() {
    return ask(read_size, {}).at(0).count(0);
}

}  // namespace sim
