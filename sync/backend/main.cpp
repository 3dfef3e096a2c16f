// SPDX-License-Identifier: EUPL-1.2
// freigabe-backend: the reference backend. `serve` listens until SIGTERM or SIGINT and then drains;
// `invite` prints a one-time code for a terminal, `backup` copies the database, `revoke` takes one
// out of service, `evidence` writes a bundle for a court, `purge` deletes what has had its time.
// Opens the database, keys and sockets named on its command line and nothing else.
#include <sys/stat.h>

#include <sys/signalfd.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>

#include "drivers/base/handle.hpp"
#include "drivers/base/log.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/private_file.hpp"
#include "sync/backend/ingest/revocation.hpp"
#include "sync/backend/retention/retention.hpp"
#include "sync/backend/service/admin.hpp"
#include "sync/backend/service/backend.hpp"
#include "sync/backend/service/remedy.hpp"
#include "sync/backend/store/open.hpp"
#include "sync/backend/store/sqlite/sqlite_backup.hpp"
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

int fail(const base::Error& error, const backend::Options& options) {
    std::fputs(backend::remedy_for(error, options).c_str(), stderr);
    base::log_error(error);
    return 1;
}

/// One command beside the running backend: opens the database, does its work, and ends.
template <class Work>
int with_store(const backend::Options& options, Work&& work) {
    auto store = backend::open_store(options);
    if (!store) return fail(store.error(), options);
    const base::Result<void> done = work(**store);
    return done ? 0 : fail(done.error(), options);
}

int invite(const backend::Options& options, port::Clock& clock) {
    return with_store(options, [&](backend::Store& store) -> base::Result<void> {
        crypto::SystemRandom random;
        TRY(codes, backend::invite_all(store, options, clock, random));
        std::fputs(codes.c_str(), stdout);
        return {};
    });
}

int revoke(const backend::Options& options, port::Clock& clock) {
    return with_store(options, [&](backend::Store& store) -> base::Result<void> {
        const auto terminal = base::parse_uuid(options.terminal);
        if (!terminal) return base::fail(base::Errc::config_bad, "revoke.options");
        return backend::revoke(store, {*terminal, options.reason, clock.wall_ms()});
    });
}

int evidence(const backend::Options& options, port::Clock& clock) {
    return with_store(options, [&](backend::Store& store) -> base::Result<void> {
        crypto::SystemRandom random;
        TRY_VOID(backend::write_evidence(store, options, clock, random));
        std::printf("%s\n", options.out.c_str());
        return {};
    });
}

int backup(const backend::Options& options) {
    const std::string file = backend::sqlite_file(options.store);
    if (file.empty() || options.to.empty())
        return fail({base::Errc::config_bad, "backup.options"}, options);
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return fail({base::Errc::file_io, "store.missing"}, options);
    const auto done = backend::sqlite_backup(file, options.to);
    return done ? 0 : fail(done.error(), options);
}

/// Days as they were typed; nothing typed = `usual`, something else than a number = 0.
std::uint32_t days_of(const std::string& text, std::uint32_t usual) {
    if (text.empty()) return usual;
    const auto days = http::parse_decimal(text);
    return days && *days <= UINT32_MAX ? static_cast<std::uint32_t>(*days) : 0;
}

base::Result<backend::Purged> purge_all(backend::Store& store, const backend::Options& options,
                                        port::Clock& clock) {
    const backend::RetentionRules rules{
        days_of(options.evidence_days, limits::evidence_days_default),
        days_of(options.objection_days, limits::objection_days_max)};
    TRY_VOID(backend::check_purge_clock(store, options.today, clock.wall_ms()));
    backend::Purged total;
    for (bool more = true; more;) {
        TRY(done, backend::purge(store, rules, clock.wall_ms()));
        total.evidence += done.evidence;
        total.objections += done.objections;
        total.expired.accesses += done.expired.accesses;
        total.expired.requests += done.expired.requests;
        total.expired.links += done.expired.links;
        total.expired.messages += done.expired.messages;
        more = done.more;
    }
    return total;
}

void print_purged(const backend::Purged& total) {
    const auto print = [](const char* what, std::uint64_t count) {
        std::printf(" %s %llu", what, static_cast<unsigned long long>(count));
    };
    std::printf("deleted:");
    print("evidence", total.evidence);
    print("objections", total.objections);
    print("accesses", total.expired.accesses);
    print("requests", total.expired.requests);
    print("links", total.expired.links);
    print("messages", total.expired.messages);
    std::printf("\n");
}

int purge(const backend::Options& options, port::Clock& clock) {
    return with_store(options, [&](backend::Store& store) -> base::Result<void> {
        TRY(total, purge_all(store, options, clock));
        print_purged(total);
        return {};
    });
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
    if (!backend) return fail(backend.error(), options);
    if (!options.port_file.empty()) {
        std::string ports = std::to_string((*backend)->port()) + "\n";
        if (!options.plain_listen.empty()) ports += std::to_string((*backend)->plain_port()) + "\n";
        if (!options.metrics_listen.empty())
            ports += std::to_string((*backend)->metrics_port()) + "\n";
        const auto written =
            keys::write_file(options.port_file, base::as_bytes(ports), keys::Access::everyone);
        if (!written) return fail(written.error(), options);
    }
    base::log(base::LogEvent::program_started, {{"version", "0.1.0"}});
    (*backend)->run(stop.get());
    base::log(base::LogEvent::program_stopped, {{"reason", "signal"}});
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    // The database, its copies and evidence name file numbers: theirs is the owner's business only.
    (void)::umask(0077);
    const std::span<const char* const> arguments(argv + 1, static_cast<std::size_t>(argc - 1));
    const auto options = backend::parse_options(arguments);
    if (!options) {
        std::fputs(backend::usage().c_str(), stderr);
        std::fputs(backend::remedy_for_arguments(arguments).c_str(), stderr);
        return 2;
    }
    SystemClock clock;
    if (options->command == "invite") return invite(*options, clock);
    if (options->command == "purge") return purge(*options, clock);
    if (options->command == "revoke") return revoke(*options, clock);
    if (options->command == "backup") return backup(*options);
    if (options->command == "evidence") return evidence(*options, clock);
    return serve(*options, clock);
}
