// SPDX-License-Identifier: EUPL-1.2
// `freigabectl slip`: an authority's invitation slips. `make` signs one and prints its code, for a
// QR code in a letter; `check` says whether a code is genuine and not over. File number and birth
// date are read from standard input, since arguments are visible to every process.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>

#include "drivers/base/limits.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/os/system_clock.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "kiosk/ctl/pki_files.hpp"
#include "sync/model/text_rules.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/invitation.hpp"

namespace ctl {
namespace {

using base::Errc;

constexpr unsigned days_max = 92;

int slip_usage() {
    std::fputs(
        "usage: freigabectl slip make --key FILE --authority ID --entry ID --views-key FILE\n"
        "         [--days N]\n"
        "       freigabectl slip check --key FILE --code FILE\n"
        "  make   reads two lines from standard input, the file number and the birth date\n"
        "         (2007-01-02), and prints the code: | qrencode -l L -o slip.png\n"
        "  check  says entry and last day if the code is genuine\n"
        "  --key FILE        make: the authority's private key (freigabectl pki key --curve "
        "P-256);\n"
        "                    check: the public one as JWK, as in the backend's authority file\n"
        "  --views-key FILE  views.jwk of the backend; only it can read file number and birth "
        "date\n"
        "  --days N          how long it counts, 1 to 92; 28 if not given\n",
        stderr);
    return exit_usage;
}

base::Result<std::string> line_of_stdin() {
    TRY(bytes, read_line_from_stdin());
    std::string line(base::as_text(bytes));
    base::wipe(bytes);
    return line;
}

base::Result<unsigned> days_of_slip(const Options& options) {
    const std::string text(options.value("--days").value_or("28"));
    const bool digits = !text.empty() && text.size() < 3 &&
                        std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    const unsigned days = digits ? static_cast<unsigned>(std::stoul(text)) : 0;
    if (days == 0 || days > days_max) return base::fail(Errc::config_bad, "slip days");
    return days;
}

base::Result<void> make(const Options& options) {
    crypto::SystemRandom random;
    os::SystemClock clock;
    TRY(days, days_of_slip(options));
    TRY(key, read_key(std::string(*options.value("--key"))));
    TRY(views_text, read_file(*options.value("--views-key")));
    TRY(views_key, seal::parse_public_jwk(base::as_text(views_text)));
    seal::Invitation slip;
    slip.authority = model::AuthorityId(std::string(*options.value("--authority")));
    slip.entry = model::EntryId(std::string(*options.value("--entry")));
    if (!model::is_id(slip.authority.get()) || !model::is_id(slip.entry.get())) {
        return base::fail(Errc::config_bad, "slip ids");
    }
    TRY(file_number, line_of_stdin());
    TRY(birth_date, line_of_stdin());
    TRY(sealed, seal::seal_invited_file({file_number, birth_date}, views_key, random));
    slip.sealed = std::move(sealed);
    std::array<std::uint8_t, 10> bytes{};
    random.fill(bytes);
    const std::uint64_t now_ms = clock.wall_ms();
    slip.id = base::make_uuid7(now_ms, bytes);
    slip.until = std::chrono::sys_days(model::day_of(now_ms)) + std::chrono::days{days};
    seal::PairSigner signer(key, random);
    TRY(code, seal::sign_invitation(slip, signer));
    std::printf("%s\n", code.c_str());
    return {};
}

base::Result<void> check(const Options& options) {
    os::SystemClock clock;
    TRY(key_text, read_file(*options.value("--key")));
    TRY(key, seal::parse_public_jwk(base::as_text(key_text)));
    TRY(content, read_file(*options.value("--code")));
    std::string code(base::as_text(content));
    while (code.ends_with('\n') || code.ends_with('\r')) code.pop_back();
    TRY(slip, seal::verify_invitation(code, key.point, model::day_of(clock.wall_ms())));
    std::printf("genuine: %s asks for %s until %s\n", slip.authority.get().c_str(),
                slip.entry.get().c_str(), model::to_text(slip.until).c_str());
    return {};
}

}  // namespace

int slip(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--key", Takes::value},
                                                    {"--authority", Takes::value},
                                                    {"--entry", Takes::value},
                                                    {"--views-key", Takes::value},
                                                    {"--days", Takes::value},
                                                    {"--code", Takes::value}});
    if (!options || options->words().size() != 1) return slip_usage();
    const bool making = options->words()[0] == "make";
    if (!making && options->words()[0] != "check") return slip_usage();
    const bool complete = making ? options->has("--key") && options->has("--authority") &&
                                       options->has("--entry") && options->has("--views-key")
                                 : options->has("--key") && options->has("--code");
    if (!complete) return slip_usage();
    const auto done = making ? make(*options) : check(*options);
    if (done) return exit_ok;
    print_error(done.error());
    return exit_failed;
}

}  // namespace ctl
