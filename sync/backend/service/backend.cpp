// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/backend.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "drivers/base/wipe_guard.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/private_file.hpp"
#include "sync/backend/log/log_names.hpp"
#include "sync/backend/service/admission.hpp"
#include "sync/backend/service/fit_thread.hpp"
#include "sync/backend/service/key_files.hpp"
#include "sync/backend/service/projector_thread.hpp"
#include "sync/backend/service/sequencer_thread.hpp"
#include "sync/backend/service/service.hpp"
#include "sync/backend/service/webhook_thread.hpp"
#include "sync/backend/store/open.hpp"
#include "sync/receipts/checkpoint.hpp"

namespace backend {
namespace {

base::Result<base::Bytes> read_public(const std::string& file) {
    return keys::read_file(file, limits::config_bytes_max, keys::Access::everyone);
}

/// Where the database's file stands, to watch the room there; empty if it is on a server.
std::string folder_of(const Options& options) {
    const std::string file = sqlite_file(options.store);
    if (file.empty()) return {};
    const auto folder = std::filesystem::path(file).parent_path().string();
    return folder.empty() ? "." : folder;
}

}  // namespace

// Order of members = order of construction = reverse order of release: the server stops before what
// it uses.
struct Backend::State {
    struct Keys {
        crypto::KeyPair receipts;
        std::vector<crypto::KeyPair> log;
    };
    State(port::Clock& clock_in, Keys keys, const std::string& name)
        : clock(clock_in),
          receipt_key(std::move(keys.receipts)),
          log_keys(std::move(keys.log)),
          issuer(name, {receipt_key, clock, random}),
          log_signer(name, log_keys, random) {}

    port::Clock& clock;
    crypto::SystemRandom random;
    crypto::KeyPair receipt_key;
    std::vector<crypto::KeyPair> log_keys;
    std::vector<crypto::KeyPair> views_keys;
    Directory directory;
    std::unique_ptr<Store> store;
    ReceiptIssuer issuer;
    LogSigner log_signer;
    Counters counters;
    Contacts contacts;
    std::optional<Opener> opener;
    std::optional<Projector> projector;
    std::optional<Desk> desk;
    std::optional<ChangeFeed> feed;
    std::optional<AccessBook> accesses;
    std::optional<ExchangeRoutes> exchange;
    std::optional<InsightDesk> insight_desk;
    std::optional<PortalLinks> portal_links;
    std::optional<InvitationDesk> invitations;
    std::optional<ConsentExport> consents;
    std::optional<InsightRoutes> insight;
    std::optional<PortalRoutes> portal;
    std::optional<AuthorityRoutes> authorities;
    std::unique_ptr<ProjectorThread> projector_thread;
    std::unique_ptr<WebhookThread> webhooks;
    std::unique_ptr<FitThread> fitconnect;
    NoListener no_listener;
    std::unique_ptr<SequencerThread> sequencer_thread;  ///< only if the database is shared
    std::optional<TerminalRoutes> terminals;
    std::optional<LogRoutes> log;
    std::optional<ServedFolder> downstream;
    std::optional<Service> service;
    std::optional<Admission> admission;
    std::optional<PlainService> plain_service;
    std::optional<MetricsService> metrics_service;
    std::unique_ptr<http::TlsContext> tls;
    std::unique_ptr<http::Server> server;

    base::Result<void> start_views(const Options& options, StoreOpener& stores) {
        TRY(keys, read_p256_keys(options.views_key));
        views_keys = std::move(keys);
        TRY(secrets, keys::read_file(options.authority_secrets, limits::config_bytes_max,
                                     keys::Access::owner_only));
        const base::WipeGuard wiped(secrets);
        TRY_VOID(directory.add_authorities(base::as_text(secrets)));
        if (!options.names.empty()) {
            TRY(names, read_public(options.names));
            TRY_VOID(directory.add_names(base::as_text(names)));
        }
        opener.emplace(views_keys, random);
        projector.emplace(Projector::Parts{*store, *opener, directory, issuer, clock});
        desk.emplace(Desk::Parts{*store, *opener, directory, issuer, clock});
        feed.emplace(ChangeFeed::Parts{*store, issuer, clock});
        accesses.emplace(AccessBook::Parts{*store, *opener, clock});
        exchange.emplace(ExchangeRoutes::Parts{*store, *accesses, directory, clock});
        insight_desk.emplace(InsightDesk::Parts{*store, directory, clock});
        portal_links.emplace(PortalLinks::Parts{*store, views_keys, clock, random});
        invitations.emplace(InvitationDesk::Parts{*store, directory, views_keys, clock, random});
        consents.emplace(ConsentExport::Parts{*store, *opener, directory, clock});
        insight.emplace(InsightRoutes::Parts{*store, *insight_desk, *invitations, *portal_links,
                                             *projector, views_keys, receipt_key, clock, random});
        portal.emplace(PortalRoutes::Parts{*store, *portal_links, *insight_desk, *consents,
                                           *projector, clock});
        authorities.emplace(AuthorityRoutes::Parts{*desk, *projector, *feed, *exchange, directory});
        TRY(own_store, stores.open());
        projector_thread = std::make_unique<ProjectorThread>(ProjectorThread::Parts{
            std::move(own_store), views_keys, receipt_key, options.issuer, directory, clock});
        return {};
    }

    base::Result<void> start_webhooks(const Options& options, StoreOpener& stores) {
        const auto& all = directory.all();
        const bool any = std::ranges::any_of(
            all, [](const auto& item) { return item.second.webhook.has_value(); });
        if (!any) return {};
        TRY(anchors, read_public(options.tls_ca));
        TRY(chain, read_public(options.tls_cert));
        TRY(own_store, stores.open());
        TRY(key,
            keys::read_file(options.tls_key, limits::config_bytes_max, keys::Access::owner_only));
        const base::WipeGuard wiped(key);
        auto started = WebhookThread::start(
            {std::move(own_store), directory, clock, {anchors, chain, key}, counters.background});
        if (!started) return tl::unexpected(started.error());
        webhooks = std::move(*started);
        return {};
    }

    base::Result<void> start_fitconnect(const Options& options, StoreOpener& stores) {
        if (options.fitconnect.empty()) return {};
        TRY(text, keys::read_file(options.fitconnect, limits::config_bytes_max,
                                  keys::Access::owner_only));
        const base::WipeGuard wiped(text);
        auto account = parse_fit_account(base::as_text(text));
        if (!account) return tl::unexpected(account.error());
        TRY(anchors, read_public(options.fitconnect_ca));
        TRY(own_store, stores.open());
        TRY(started,
            FitThread::start({std::move(own_store), views_keys, receipt_key, options.issuer,
                              directory, std::move(*account), anchors, clock}));
        fitconnect = std::move(started);
        return {};
    }

    base::Result<void> start_sequencer(StoreOpener& stores, LogListener& listener) {
        TRY(own_store, stores.open());
        Lease::Holder holder{};
        random.fill(holder);
        sequencer_thread = std::make_unique<SequencerThread>(SequencerThread::Parts{
            std::move(own_store), holder, listener, clock, &counters.background});
        return {};
    }

    base::Result<void> listen(const Options& options) {
        TRY(anchors, read_public(options.tls_ca));
        TRY(chain, read_public(options.tls_cert));
        TRY(key,
            keys::read_file(options.tls_key, limits::config_bytes_max, keys::Access::owner_only));
        const base::WipeGuard wiped(key);
        auto made = http::TlsContext::make(
            http::TlsSide::server, {anchors, chain, key},
            [this] { return http::window_of_clock(clock.wall_ms()); }, random);
        if (!made) return tl::unexpected(made.error());
        tls = std::move(*made);
        http::ServerOptions addresses;
        TRY(address, parse_address(options.listen));
        addresses.tls_address = address;
        if (!options.plain_listen.empty()) {
            TRY(plain, parse_address(options.plain_listen));
            addresses.plain_address = plain;
        }
        http::Handler* plain_handler = nullptr;
        if (addresses.plain_address) plain_handler = &plain_service.emplace(*service);
        http::Handler* metrics_handler = nullptr;
        if (!options.metrics_listen.empty()) {
            TRY(own, parse_address(options.metrics_listen));
            addresses.metrics_address = own;
            metrics_handler = &metrics_service.emplace(*service);
        }
        TRY(listening, http::Server::listen(addresses, {*tls, admission.emplace(*service, clock),
                                                        plain_handler, clock, metrics_handler}));
        server = std::move(listening);
        return {};
    }
};

base::Result<std::unique_ptr<Backend>> Backend::start(const Options& options, port::Clock& clock) {
    TRY(role, parse_role(options.role));
    TRY_VOID(check_keys(role, options));
    // Before anything is written: a name that no checkpoint may bear would be the log's for ever.
    if (!receipts::checkpoint_origin_ok(options.issuer))
        return base::fail(base::Errc::config_bad, "options.issuer");
    TRY(receipt_key, read_p256_key(options.receipt_key));
    const bool own_log_key = !options.checkpoint_key.empty();
    TRY(log_keys, read_p256_keys(own_log_key ? options.checkpoint_key : options.receipt_key));
    auto state = std::make_unique<State>(
        clock, State::Keys{std::move(receipt_key), std::move(log_keys)}, options.issuer);
    TRY(stores, open_stores(options.store));
    TRY(store, stores->open());
    state->store = std::move(store);
    TRY_VOID(enter_log(*state->store, options.issuer));
    // What a crash left without its place in the log gets it before anybody can ask; on a shared
    // database from whoever holds the lease.
    if (!stores->shared()) TRY_VOID(sequence(*state->store));
    TRY_VOID(complete_nodes(*state->store));
    if (role != RoleSet::ingest) {
        TRY_VOID(state->start_views(options, *stores));
        TRY_VOID(state->start_webhooks(options, *stores));
        TRY_VOID(state->start_fitconnect(options, *stores));
    }
    LogListener* listener = &state->no_listener;
    if (state->projector_thread) listener = state->projector_thread.get();
    if (stores->shared()) TRY_VOID(state->start_sequencer(*stores, *listener));
    if (role != RoleSet::views) {
        state->terminals.emplace(TerminalRoutes::Parts{*state->store, state->issuer, clock,
                                                       state->counters, *listener, state->contacts,
                                                       state->sequencer_thread.get()});
    }
    state->log.emplace(LogRoutes::Parts{*state->store, state->log_signer, state->counters});
    if (!options.downstream.empty()) state->downstream.emplace(options.downstream);
    state->service.emplace(Service::Parts{
        *state->store, clock, state->counters, state->terminals ? &*state->terminals : nullptr,
        state->authorities ? &*state->authorities : nullptr,
        state->insight ? &*state->insight : nullptr, state->portal ? &*state->portal : nullptr,
        *state->log, state->downstream ? &*state->downstream : nullptr, state->contacts,
        folder_of(options)});
    TRY_VOID(state->listen(options));
    return std::unique_ptr<Backend>(new Backend(std::move(state)));
}

Backend::Backend(std::unique_ptr<State> state) : state_(std::move(state)) {}
Backend::~Backend() = default;

std::uint16_t Backend::port() const {
    return state_->server->port();
}
std::uint16_t Backend::plain_port() const {
    return state_->server->plain_port();
}
std::uint16_t Backend::metrics_port() const {
    return state_->server->metrics_port();
}
void Backend::run(int stop_fd) {
    state_->server->run(stop_fd);
}

}  // namespace backend
