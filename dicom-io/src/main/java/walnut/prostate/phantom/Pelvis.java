package walnut.prostate.phantom;

/** Whose pelvis it is: a man's with his prostate, or one that a prostate model must not answer for. */
public enum Pelvis {
    /** A prostate in its place. */
    PROSTATE,
    /** After radical prostatectomy: the bladder comes down on a scarred anastomosis, gland and vesicles are gone. */
    PROSTATECTOMY_BED,
    /** A woman's: vagina and uterus between bladder and rectum. */
    FEMALE,
    /** A prostate in its place, and a cancer in the wall of the rectum. */
    RECTAL_CANCER;

    /** Whether there is a prostate in it. */
    public boolean hasGland() {
        return this == PROSTATE || this == RECTAL_CANCER;
    }
}
