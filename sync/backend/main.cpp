// SPDX-License-Identifier: EUPL-1.2
// freigabe-backend: the reference backend. `serve` listens until SIGTERM or SIGINT and then drains;
// `invite` prints a one-time code for a terminal; `purge` deletes what has had its time. Opens the
// database, keys and sockets named on its command line and nothing else.
#include <sys/signalfd.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/private_file.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/backend/retention/retention.hpp"
#include "sync/backend/service/backend.hpp"
#include "sync/backend/store/open.hpp"
#include "sync/http/grammar.hpp"

namespace {

class SystemClock final : public port::Clock {
  public:
    [[nodiscard]] std::uint64_t wall_ms() const override {
        return milliseconds(std::chrono::system_clock::now());
    }
    [[nodiscard]] std::uint64_t boot_ms() const override {
        return milliseconds(std::chrono::steady_clock::now());
    }

  private:
    template <class Moment>
    static std::uint64_t milliseconds(Moment moment) {
        const auto since = moment.time_since_epoch();
        return static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
    }
};

using Fd = base::Handle<int, [](int fd) { ::close(fd); }>;

int fail(const base::Error& error) {
    base::log_error(error);
    return 1;
}

int invite(const backend::Options& options, port::Clock& clock) {
    const auto terminal = base::parse_uuid(options.terminal);
    const bool site = !options.site.empty() && options.site.size() <= limits::site_bytes_max;
    if (!terminal || !site) return fail({base::Errc::config_bad, "invite.options"});
    const auto stores = backend::open_stores(options.store);
    if (!stores) return fail(stores.error());
    auto store = (*stores)->open();
    if (!store) return fail(store.error());
    crypto::SystemRandom random;
    const std::uint64_t expires_ms = clock.wall_ms() + limits::invitation_ms_max;
    const auto code = backend::invite(**store, {*terminal, options.site, expires_ms}, random);
    if (!code) return fail(code.error());
    std::printf("%s\n", code->c_str());
    return 0;
}

/// Days as they were typed; nothing typed = `usual`, something else than a number = 0.
std::uint32_t days_of(const std::string& text, std::uint32_t usual) {
    if (text.empty()) return usual;
    const auto days = http::parse_decimal(text);
    return days && *days <= UINT32_MAX ? static_cast<std::uint32_t>(*days) : 0;
}

int purge(const backend::Options& options, port::Clock& clock) {
    const backend::RetentionRules rules{
        days_of(options.evidence_days, limits::evidence_days_default),
        days_of(options.objection_days, limits::objection_days_max)};
    const auto stores = backend::open_stores(options.store);
    if (!stores) return fail(stores.error());
    auto store = (*stores)->open();
    if (!store) return fail(store.error());
    backend::Purged total;
    for (bool more = true; more;) {
        const auto done = backend::purge(**store, rules, clock.wall_ms());
        if (!done) return fail(done.error());
        total.evidence += done->evidence;
        total.objections += done->objections;
        more = done->more;
    }
    std::printf("deleted: evidence %llu, objections %llu\n",
                static_cast<unsigned long long>(total.evidence),
                static_cast<unsigned long long>(total.objections));
    return 0;
}

int serve(const backend::Options& options, port::Clock& clock) {
    // Blocked before any thread starts, so that only the descriptor sees them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const Fd stop(signalfd(-1, &signals, SFD_CLOEXEC));
    auto backend = backend::Backend::start(options, clock);
    if (!backend) return fail(backend.error());
    if (!options.port_file.empty()) {
        std::string ports = std::to_string((*backend)->port()) + "\n";
        if (!options.plain_listen.empty()) ports += std::to_string((*backend)->plain_port()) + "\n";
        const auto written =
            keys::write_file(options.port_file, base::as_bytes(ports), keys::Access::everyone);
        if (!written) return fail(written.error());
    }
    base::log(base::LogEvent::program_started, {{"version", "0.1.0"}});
    (*backend)->run(stop.get());
    base::log(base::LogEvent::program_stopped, {{"reason", "signal"}});
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = backend::parse_options({argv + 1, static_cast<std::size_t>(argc - 1)});
    if (!options) {
        std::fputs(backend::usage().c_str(), stderr);
        return 2;
    }
    SystemClock clock;
    if (options->command == "invite") return invite(*options, clock);
    return options->command == "purge" ? purge(*options, clock) : serve(*options, clock);
}
