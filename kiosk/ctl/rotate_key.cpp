// SPDX-License-Identifier: EUPL-1.2
// `freigabectl rotate-key`: the terminal's journal key is followed by a new one. The old key states
// it, the backend takes it in, and the journal goes on in a new epoch at the next start of the
// kiosk; slips of the old key stay genuine. Also the way out for a terminal whose identity was
// copied: the copy has only the old key. Safe to repeat until it has succeeded:
// keys/journal-next.key is kept, and replacing keys/journal.key comes last. The old private key is
// gone afterwards.
#include <cstdio>
#include <filesystem>

#include "drivers/crypto/key_file.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/file_key_store.hpp"
#include "drivers/keys/private_file.hpp"
#include "drivers/os/system_clock.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "sync/downstream/terminal_file.hpp"
#include "sync/http/client.hpp"
#include "sync/journal/verify.hpp"
#include "sync/seal/key_change.hpp"
#include "sync/transport/backend.hpp"

namespace ctl {
namespace {

using base::Errc;
using std::filesystem::path;

int usage() {
    std::fputs(
        "usage: freigabectl rotate-key --state DIR [--again] [--server-name NAME]\n"
        "  Stop the kiosk first. Makes a new journal key, has the backend take it in, and puts it\n"
        "  in the place of the old one; the next start of the kiosk goes on with it.\n"
        "  --again  changes nothing here and tells the backend once more, from key-change.jws: "
        "for\n"
        "         one that comes out of a backup from before the change. The kiosk may run.\n"
        "  A key on a token is not changed this way: enrol the device under a new UUID, with an\n"
        "  empty state folder.\n",
        stderr);
    return exit_usage;
}

/// The new key, kept from an attempt that did not reach the backend.
base::Result<void> make_next_key(const path& keys, port::Random& random) {
    auto created = keys::create_key_file(keys, "journal-next",
                                         crypto::generate_key(crypto::Curve::p256, random));
    if (!created && created.error().detail == EEXIST) return {};
    return created;
}

base::Result<crypto::Point> point_of(port::KeyStore& store, std::string_view name) {
    TRY(point, store.public_point(name));
    return crypto::parse_point(crypto::Curve::p256, point);
}

/// The statement about the change, for the epoch behind the last one: the journal's own, or that of
/// another machine which it has heard of.
base::Result<std::string> statement(const path& state, const base::Uuid& terminal,
                                    port::Random& random) {
    TRY(store, keys::FileKeyStore::open(state / "keys", random));
    TRY(old_key, point_of(store, "journal"));
    TRY(new_key, point_of(store, "journal-next"));
    TRY(report, journal::verify_file(state / "journal.db", old_key));
    if (report.broken) return base::fail(Errc::journal_chain_broken, report.broken->what);
    if (report.terminal != terminal) return base::fail(Errc::config_bad, "rotate-key terminal");
    const std::uint32_t epoch = std::max(report.newest_epoch, 1U) + 1;
    seal::StoreSigner old_signer(store, "journal");
    seal::StoreSigner new_signer(store, "journal-next");
    return seal::sign_key_change({terminal, epoch, new_key}, old_key, old_signer, new_signer);
}

base::Result<void> tell_backend(const path& state, const downstream::TerminalFile& terminal,
                                const std::string& server_name, std::string_view jws) {
    const auto origin = http::parse_origin(terminal.backend);
    if (!origin) return base::fail(Errc::config_bad, "rotate-key backend");
    os::SystemClock clock;
    crypto::SystemRandom random;
    TRY(ca, read_file((state / "tls-ca.crt").string()));
    TRY(certificate, read_file((state / "tls.crt").string()));
    TRY(key, read_file((state / "keys" / "tls.key").string()));
    auto tls = http::TlsContext::make(
        http::TlsSide::client, {ca, certificate, key},
        [&] { return http::window_of_floor(terminal.time_floor_ms, clock.wall_ms()); }, random);
    base::wipe(key);
    if (!tls) return tl::unexpected(tls.error());
    http::Client client({*origin, server_name}, **tls, clock);
    transport::Backend backend(client, terminal.terminal);
    return backend.change_key(jws);
}

base::Result<downstream::TerminalFile> read_terminal(const path& state) {
    TRY(file, read_file((state / "terminal.json").string()));
    return downstream::parse_terminal_file(base::as_text(file));
}

base::Result<void> tell_again(const path& state, const std::string& server_name) {
    TRY(terminal, read_terminal(state));
    TRY(jws, read_file((state / "key-change.jws").string()));
    TRY_VOID(tell_backend(state, terminal, server_name, base::as_text(jws)));
    std::printf("The backend has the terminal's present key.\n");
    return {};
}

base::Result<void> run(const path& state, const std::string& server_name) {
    crypto::SystemRandom random;
    TRY(terminal, read_terminal(state));
    TRY_VOID(make_next_key(state / "keys", random));
    TRY(jws, statement(state, terminal.terminal, random));
    TRY_VOID(tell_backend(state, terminal, server_name, jws));
    // The journal believes the new key by this statement, so it is there first.
    TRY_VOID(write_file((state / "key-change.jws").string(), base::as_bytes(jws)));
    std::error_code error;
    std::filesystem::rename(state / "keys" / "journal-next.key", state / "keys" / "journal.key",
                            error);
    if (error)
        return base::fail(Errc::file_io, "rotate-key", static_cast<std::uint32_t>(error.value()));
    std::printf("The journal key has been changed. Start the kiosk.\n");
    return {};
}

}  // namespace

int rotate_key(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--state", Takes::value},
                                                    {"--again", Takes::nothing},
                                                    {"--server-name", Takes::value},
                                                    {"--help", Takes::nothing}});
    if (!options || options->has("--help") || !options->has("--state")) return usage();
    if (!options->words().empty()) return usage();
    const path state(*options->value("--state"));
    const std::string server_name(options->value("--server-name").value_or(""));
    const auto done =
        options->has("--again") ? tell_again(state, server_name) : run(state, server_name);
    if (done) return exit_ok;
    print_error(done.error());
    if (done.error().code == Errc::journal_locked) std::fputs("Stop the kiosk first.\n", stderr);
    if (done.error().code == Errc::http_status && done.error().detail == 400) {
        std::fputs(
            "The backend knows later records of this terminal: run kiosk and syncd until they "
            "have\n"
            "spoken to it, and try again.\n",
            stderr);
    }
    return exit_failed;
}

}  // namespace ctl
