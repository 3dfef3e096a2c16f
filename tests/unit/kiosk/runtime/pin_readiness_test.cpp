// SPDX-License-Identifier: EUPL-1.2
// Whether the PIN can be used on this terminal, on a clock that moves: signer, certificate, block
// list, each going out and coming back (LR-80).
#include "kiosk/runtime/pin_readiness.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests
#include "drivers/pki/cv_builder.hpp"
#include "tests/unit/drivers/pki/seeded_random.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "tests/unit/sync/syncd/folder.hpp"

using namespace std::chrono_literals;
using base::Bytes;
using base::Errc;
using runtime::PinObstacle;

namespace {

eid::Date day(std::chrono::sys_days date) {
    return eid::Date{date};
}
constexpr std::chrono::sys_days first = 2026y / 11 / 1;

/// A signer whose certificate and absence a test decides.
class Signer final : public port::TerminalAuthenticator {
  public:
    base::Result<void> refresh() override {
        if (away) return base::fail(Errc::network_unreachable, "test");
        return {};
    }
    [[nodiscard]] const std::vector<Bytes>& chain_certificates() const override { return chain; }
    [[nodiscard]] base::ByteView terminal_certificate() const override { return certificate; }
    base::Result<Bytes> sign(base::ByteView) override {
        return base::fail(Errc::signer_failed, "test");
    }
    /// Good from `first` for so many days.
    void certify(int days) {
        SeededRandom random{1};
        const auto key = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
        auto built = pki::build_cv_certificate({eid::Role::terminal,
                                                "DEDVTEST00001",
                                                "DETERMINAL00001",
                                                key.point,
                                                eid::Rights{eid::rights_mask},
                                                first,
                                                first + std::chrono::days(days),
                                                {}},
                                               key, random);
        REQUIRE(built.has_value());
        certificate = std::move(*built);
    }
    bool away = false;
    Bytes certificate;
    std::vector<Bytes> chain;
};

const Bytes sector{0x7F, 0x49, 0x01, 0x00};

void write_list(const std::string& path, std::chrono::sys_days created) {
    eid::BlockListContent content;
    content.created = day(created);
    content.sector_hash = crypto::sha256(sector);
    const auto file = eid::encode_block_list(std::move(content));
    REQUIRE(file.has_value());
    REQUIRE(eid::write_block_list(path, *file).has_value());
    // Two files of one moment differ in nothing that a reader could see.
    static int written = 0;
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(++written));
}

}  // namespace

TEST_CASE("pin readiness: the certificate's days, its first and last included") {
    Signer signer;
    signer.certify(2);
    runtime::PinReadiness readiness(signer, std::nullopt);
    CHECK(readiness.obstacle(day(first)) == PinObstacle::signer);  // nobody has looked yet
    readiness.refresh();
    CHECK_FALSE(readiness.signer_error().has_value());
    CHECK(readiness.obstacle(day(first - std::chrono::days(1))) == PinObstacle::certificate);
    CHECK(readiness.obstacle(day(first)) == PinObstacle::none);
    CHECK(readiness.obstacle(day(first + std::chrono::days(2))) == PinObstacle::none);
    CHECK(readiness.obstacle(day(first + std::chrono::days(3))) == PinObstacle::certificate);
    CHECK(readiness.certificate_age_h(day(first)) == 0);
    CHECK(readiness.certificate_age_h(day(first + std::chrono::days(2))) == 48);
    CHECK_FALSE(readiness.block_list_check().has_value());
    signer.certify(9);  // renewed by the service
    readiness.refresh();
    CHECK(readiness.obstacle(day(first + std::chrono::days(3))) == PinObstacle::none);
}

TEST_CASE("pin readiness: a signer that goes and comes back") {
    Signer signer;
    signer.certify(2);
    runtime::PinReadiness readiness(signer, std::nullopt);
    readiness.refresh();
    signer.away = true;
    readiness.refresh();
    CHECK(readiness.obstacle(day(first)) == PinObstacle::signer);
    REQUIRE(readiness.signer_error().has_value());
    CHECK(readiness.signer_error()->code == Errc::network_unreachable);
    signer.away = false;
    readiness.refresh();
    CHECK(readiness.obstacle(day(first)) == PinObstacle::none);
    signer.certificate = {0x30, 0x00};
    readiness.refresh();
    CHECK(readiness.obstacle(day(first)) == PinObstacle::certificate);
    CHECK(readiness.certificate_age_h(day(first)) == 0);
}

TEST_CASE("pin readiness: a block list that is missing, young, old, renewed, damaged") {
    test::Folder folder;
    const std::string path = folder.at("block-list");
    Signer signer;
    signer.certify(100);
    runtime::PinReadiness readiness(signer, runtime::BlockListRule{path, sector, 3});
    const auto at = [&](int days) {
        readiness.refresh();
        return readiness.obstacle(day(first + std::chrono::days(days)));
    };
    CHECK(at(0) == PinObstacle::block_list);
    CHECK_FALSE(readiness.block_list_check().has_value());
    write_list(path, first);
    CHECK(at(0) == PinObstacle::none);
    CHECK(at(3) == PinObstacle::none);
    CHECK(at(4) == PinObstacle::block_list);
    REQUIRE(readiness.block_list_check().has_value());
    CHECK(readiness.block_list_check()->sector_key == sector);
    write_list(path, first + std::chrono::days(4));
    CHECK(at(7) == PinObstacle::none);
    CHECK(at(3) == PinObstacle::none);  // the floor may be a day behind the issuer
    // A damaged one in its place: the good one stays until it is too old.
    folder.write("block-list", "FRGBLOCK, but no more");
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
    CHECK(at(7) == PinObstacle::none);
    std::filesystem::remove(path);
    CHECK(at(7) == PinObstacle::none);
    CHECK(at(8) == PinObstacle::block_list);
}
